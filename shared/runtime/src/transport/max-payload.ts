import type { NatsConnection } from "@nats-io/nats-core";

/** Largest message in bytes, as the server says that the connection is with now. */
export const maxPayloadOf = (connection: NatsConnection): number => connection.info?.max_payload ?? 1_048_576;
