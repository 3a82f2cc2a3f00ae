// Who consumes what: the one table from which streams, consumers, compose, Kubernetes and autoscaling follow.

/** What one stage does on the queue. */
export interface StageTopology {
  /** The work queue the stage reads. */
  readonly stream: string;
  readonly consumes: readonly string[];
  readonly emits: readonly string[];
}

/** The stages of a request, in order; a service runs one. A fact is what a stage consumes; its name says what happened. */
export const topology = {
  act: {
    stream: "NOCP_ACT",
    consumes: ["request.submitted", "tools.requested"],
    emits: ["tools.completed", "completion.received"],
  },
  assess: { stream: "NOCP_ASSESS", consumes: ["tools.completed"], emits: ["context.optimized"] },
  "llm-router": {
    stream: "NOCP_LLM_ROUTER",
    consumes: ["context.optimized"],
    emits: ["completion.received", "tools.requested"],
  },
  articulate: { stream: "NOCP_ARTICULATE", consumes: ["completion.received"], emits: ["response.ready"] },
} as const satisfies Readonly<Record<string, StageTopology>>;

/** One step of the request flow. */
export type Stage = keyof typeof topology;
export const stages = Object.keys(topology) as readonly Stage[];
/** The table's entry of any stage. */
export const topologyOf = (stage: Stage): StageTopology => topology[stage];

/** Facts that the handler of a stage is given. */
export type ConsumedFact<S extends Stage> = (typeof topology)[S]["consumes"][number];
/** What the handler of a stage may return: facts for other stages, or the result. */
export type EmittedFact<S extends Stage> = (typeof topology)[S]["emits"][number];
export type Fact = ConsumedFact<Stage>;
export const facts = stages.flatMap((stage): readonly Fact[] => topology[stage].consumes);

/** Two priorities through the same stages. */
export const lanes = ["interactive", "batch"] as const;
/** Priority of a request. */
export type Lane = (typeof lanes)[number];

/**
 * Where a message may wait. `passing` is no priority of a request, and callers cannot submit to it: a stage copies there what
 * tenants have waiting behind the long line of another one, and takes from it in turn with the interactive lane.
 */
export const queueLanes = [...lanes, "passing"] as const;
export type QueueLane = (typeof queueLanes)[number];
/** The lane of the requests whose messages wait there. */
export const laneOf = (queueLane: QueueLane): Lane => (queueLane === "passing" ? "interactive" : queueLane);

/** What names a request: ids of different tenants never meet. */
export interface RequestRef {
  readonly tenant: string;
  readonly requestId: string;
}
/** Where a request is between stages. */
export interface FactAddress extends RequestRef {
  readonly lane: Lane;
}

/** The tenant of a deployment that has only one. */
export const defaultTenant = "default";

/** All services: the stages, observability, which watches them, and the gateway, which submits for HTTP clients. */
export type ServiceName = Stage | "observability" | "gateway";
export const services: readonly ServiceName[] = [...stages, "observability", "gateway"];
/** What a process runs: a service, or all stages chained. */
export type ProcessRole = ServiceName | "chain";
/** Each is a user of the broker, whether a deployment runs it or not: one form of a deployment can take over from the other. */
export const processRoles: readonly ProcessRole[] = [...services, "chain"];

/** @returns what runs these services where the stages share a process: the chain takes the place of those among them. */
export function chainedRoles(names: readonly ServiceName[] = services): readonly ProcessRole[] {
  const others = names.filter((name) => !stages.some((stage) => stage === name));
  return others.length < names.length ? ["chain", ...others] : names;
}

/** Every subject starts with this; the number rises when a message changes incompatibly. */
export const subjectPrefix = "nocp.v2";

/** The stage that consumes a fact. */
export function consumerOf(fact: Fact): Stage {
  const consumer = stages.find((stage) => topologyOf(stage).consumes.includes(fact));
  if (!consumer) throw new Error(`no stage consumes ${fact}`);
  return consumer;
}

export const resultsStream = "NOCP_RESULTS";
export const eventsStream = "NOCP_EVENTS";
export const deadLetterStream = "NOCP_DLQ";

/** The durable consumer of one stage and lane, e.g. `act-interactive`. */
export const durableOf = (stage: Stage, lane: QueueLane): string => `${stage}-${lane}`;
/** The durable with which observability reads the events. */
export const eventsDurable = "observability";

/** `nocp.v2.<fact>.<tenant>.<lane>.<requestId>`, the subject of a fact between stages. */
export const factSubject = (fact: Fact, { tenant, lane, requestId }: RequestRef & { readonly lane: QueueLane }): string =>
  `${subjectPrefix}.${fact}.${tenant}.${lane}.${requestId}`;
export const resultSubject = ({ tenant, requestId }: RequestRef): string =>
  `${subjectPrefix}.response.ready.${tenant}.${requestId}`;
export const eventSubject = (service: ServiceName | "client", kind: string): string =>
  `${subjectPrefix}.event.${service}.${kind}`;
/** Core NATS, not stored: what became of a stage's deliveries, for those who watch a request of their tenant. */
export const progressSubject = (tenant: string, stage: Stage, kind: string): string =>
  `${subjectPrefix}.progress.${tenant}.${stage}.${kind}`;
export const deadSubject = (stage: Stage): string => `${subjectPrefix}.dead.${stage}`;
/** Core NATS, not stored: token deltas of one request. */
export const deltaSubject = ({ tenant, requestId }: RequestRef): string => `${subjectPrefix}.delta.${tenant}.${requestId}`;
/** Core NATS, not stored: what another service asks of a service. */
export const serviceCallSubject = (service: ServiceName, name: string): string => `${subjectPrefix}.call.${service}.${name}`;
/** Core NATS, not stored: a broadcast that stops a running request. */
export const cancelSubject = ({ tenant, requestId }: RequestRef): string => `${subjectPrefix}.cancel.${tenant}.${requestId}`;

/**
 * What a stage's stream stores: its facts of any tenant in the known lanes, one token of request id. A subject that no durable
 * would read is not covered, so a publisher that mistypes it is refused instead of waiting for ever.
 */
export const streamSubjects = (stage: Stage): string[] =>
  topologyOf(stage).consumes.flatMap((fact) => queueLanes.map((lane) => `${subjectPrefix}.${fact}.*.${lane}.*`));

/**
 * The one filter of a stage's durable for a lane. A server before 2.10 allows a single filter a consumer, so a
 * stage that consumes several facts filters by position: `nocp.v2.*.*.*.<lane>.*`.
 */
export const durableFilter = (stage: Stage, lane: QueueLane): string => waitingSubjects(stage, lane, "*");

/** What of a tenant's waits for a stage in a lane, by one filter. */
export function waitingSubjects(stage: Stage, lane: QueueLane, tenant: string): string {
  const { consumes } = topologyOf(stage);
  const fact = consumes.length === 1 ? consumes[0] : "*.*";
  return `${subjectPrefix}.${fact}.${tenant}.${lane}.*`;
}

/** Everything of one request that waits in any stage's stream. */
export const queuedSubjects = ({ tenant, requestId }: RequestRef): string => `${subjectPrefix}.*.*.${tenant}.*.${requestId}`;

/** `<tenant>.<requestId>`: begins the ids of a request's messages and the keys of its records. */
export const requestKey = ({ tenant, requestId }: RequestRef): string => `${tenant}.${requestId}`;

export interface ParsedFactSubject extends FactAddress {
  readonly fact: Fact;
}

/** Takes a fact's subject apart; `undefined` for any other subject, and for one of the passing lane. */
export function parseFactSubject(subject: string): ParsedFactSubject | undefined {
  const tokens = subject.split(".");
  if (tokens.length !== 7 || `${tokens[0]}.${tokens[1]}` !== subjectPrefix) return undefined;
  const fact = facts.find((name) => name === `${tokens[2]}.${tokens[3]}`);
  const lane = lanes.find((name) => name === tokens[5]);
  const [tenant, requestId] = [tokens[4], tokens[6]];
  return fact && tenant && lane && requestId ? { fact, tenant, lane, requestId } : undefined;
}

/** Where a message in the passing lane waited before; `undefined` for any other subject. */
export function subjectBeforePassing(subject: string): string | undefined {
  const before = subject.replace(passingToken, ".interactive.$1");
  return before !== subject && parseFactSubject(before) !== undefined ? before : undefined;
}

const passingToken = /\.passing\.([^.]+)$/;
