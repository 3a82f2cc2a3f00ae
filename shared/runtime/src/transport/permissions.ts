// Who may publish and read what: derived from the topology, for the broker to enforce.
//
// Services share an account and are told apart by their users. A tenant has an account of its own, which imports only
// what is listed here: a reply subject, which no broker checks, then names nothing outside of the tenant's account.
import {
  cancelSubject,
  consumerOf,
  deadLetterStream,
  deadSubject,
  deltaSubject,
  eventSubject,
  eventsStream,
  type Fact,
  factSubject,
  facts,
  type Lane,
  lanes,
  progressSubject,
  resultSubject,
  resultsStream,
  type ServiceName,
  type Stage,
  serviceCallSubject,
  stages,
  topology,
  topologyOf,
} from "@nocp/contracts/topology.ts";
import { archiveBucket, archiveIndexBucket } from "./archive-store.ts";
import { healthBucket } from "./broker-watch.ts";
import { claimsBucket } from "./claim-check.ts";
import { inboxPrefixOf, serviceUserPrefix } from "./inbox.ts";
import { bucketName } from "./record-store.ts";
import { bucketsOf } from "./service-buckets.ts";
import { headsBucket, turnsBucket } from "./session-buckets.ts";

export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Whether each message that comes may be answered, once, wherever its sender listens. */
  readonly answers?: true;
}

/** What a tenant's account takes from that of the services. */
export interface TenantImports {
  /** Requests and publishings that reach the services' account. */
  readonly services: readonly string[];
  /** Messages that come from it. */
  readonly streams: readonly string[];
}

const anyRequest = { tenant: "*", lane: "*" as Lane, requestId: "*" };

/** Everything that is read of a stream without a consumer. */
const reading = (stream: string): string[] => [
  `$JS.API.STREAM.MSG.GET.${stream}`,
  `$JS.API.DIRECT.GET.${stream}`,
  `$JS.API.DIRECT.GET.${stream}.>`,
];

const using = (bucket: string): string[] => [`$KV.${bucket}.>`, `$JS.API.STREAM.CREATE.KV_${bucket}`, ...reading(`KV_${bucket}`)];

/** Consuming a stream that is one's own, and making it anew should it be gone. */
const consuming = (stream: string): string[] => [
  `$JS.API.STREAM.CREATE.${stream}`,
  `$JS.API.CONSUMER.CREATE.${stream}.>`,
  `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.*`,
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
  `$JS.ACK.${stream}.>`,
  // Where a server says its domain and account.
  `$JS.ACK.*.*.${stream}.>`,
];

/** Whether anything is stored is seen by storing something. */
const probing = (service: string): string[] => [
  `$KV.${bucketName(healthBucket)}.${service}`,
  `$JS.API.STREAM.CREATE.KV_${bucketName(healthBucket)}`,
];

/** Looking without reading: limits, counts. */
const looking = ["$JS.API.INFO", "$JS.API.STREAM.INFO.*", "$JS.API.CONSUMER.INFO.*.*"];

const inboxOf = (service: string): string => `${inboxPrefixOf(`${serviceUserPrefix}${service}`)}.>`;

function stagePermissions(stage: Stage): Permissions {
  const { stream } = topologyOf(stage);
  return {
    publish: [
      ...emitting(stage),
      ...keeping(stage),
      ...consuming(stream),
      `$JS.API.STREAM.PURGE.${stream}`,
      ...reading(stream),
      ...passing(stage),
    ],
    subscribe: [inboxOf(stage), cancelSubject(anyRequest)],
  };
}

/** Copying what waits for the stage to the passing lane, and deleting what was copied. */
const passing = (stage: Stage): string[] => [
  ...topologyOf(stage).consumes.map((fact) => factSubject(fact as Fact, { ...anyRequest, lane: "passing" })),
  `$JS.API.STREAM.MSG.DELETE.${topologyOf(stage).stream}`,
];

const factsOf = (stage: Stage): Fact[] => topologyOf(stage).emits.filter((name): name is Fact => name !== "response.ready");

/** What of a stage's work others go on with. */
const emitting = (stage: Stage): string[] => [
  ...factsOf(stage).map((fact) => factSubject(fact, anyRequest)),
  // A request that fails ends where it fails, and so does its stream of deltas.
  resultSubject(anyRequest),
  deltaSubject(anyRequest),
  deadSubject(stage),
];

/** What a stage tells and keeps, and looks at before it does something again. */
function keeping(stage: Stage): string[] {
  return [
    eventSubject(stage, "*"),
    progressSubject("*", stage, "*"),
    ...looking,
    `$JS.API.STREAM.PURGE.KV_${claimsBucket}`,
    ...[resultsStream, ...factsOf(stage).map((fact) => topology[consumerOf(fact)].stream)].flatMap(reading),
    ...[resultsStream, eventsStream, deadLetterStream].map((shared) => `$JS.API.STREAM.CREATE.${shared}`),
    ...bucketsOf(stage).flatMap(using),
    ...probing(stage),
    ...(bucketsOf(stage).includes(archiveBucket) ? keepingTheArchive : []),
  ];
}

/** Following a bucket, or reading all of it, through a consumer. */
const listing = (bucket: string): string[] => [
  `$JS.API.CONSUMER.CREATE.KV_${bucket}.>`,
  `$JS.API.CONSUMER.DELETE.KV_${bucket}.*`,
  `$JS.FC.KV_${bucket}.>`,
];

/** Whoever adds to a full archive drops its oldest bundles. */
const keepingTheArchive: readonly string[] = [
  ...listing(archiveIndexBucket),
  ...[archiveBucket, archiveIndexBucket].map((bucket) => `$JS.API.STREAM.PURGE.KV_${bucket}`),
];

/** A gateway's that hosts the stages: calls on the direct path are told of and billed, and put nothing on a stage's queue. */
export function hostingGatewayPermissions(): Permissions {
  const { publish, subscribe } = gatewayPermissions();
  return {
    publish: [...new Set([...publish, ...stages.flatMap(keeping)])],
    subscribe: [...subscribe, cancelSubject(anyRequest)],
  };
}

/** What all stages may do together, for the one process that hosts them. */
export function chainPermissions(): Permissions {
  const all = stages.map(stagePermissions);
  return {
    publish: [...new Set([...all.flatMap(({ publish }) => publish), ...probing("chain")])],
    subscribe: [inboxOf("chain"), cancelSubject(anyRequest)],
  };
}

/** What a service may do, and nothing besides: only a stage's own user publishes that stage's facts. */
export function servicePermissions(service: ServiceName): Permissions {
  const stage = stages.find((name) => name === service);
  return stage ? stagePermissions(stage) : otherServices[service as Exclude<ServiceName, Stage>]();
}

/**
 * Taking a dead letter back to the queue it came from, for operators who ask for it over HTTP. The gateway, which others reach,
 * can ask for it, but cannot write what stages write.
 */
const redriving: readonly string[] = [
  ...facts.map((fact) => factSubject(fact, anyRequest)),
  `$JS.API.STREAM.PURGE.${resultsStream}`,
  `$JS.API.STREAM.MSG.DELETE.${deadLetterStream}`,
  ...reading(deadLetterStream),
  ...bucketsOf("observability").flatMap(using),
];

/** Those of the services that are no stages. */
const otherServices: Readonly<Record<Exclude<ServiceName, Stage>, () => Permissions>> = {
  observability: () => ({
    publish: [...looking, ...consuming(eventsStream), ...probing("observability"), ...redriving],
    subscribe: [inboxOf("observability"), serviceCallSubject("observability", "*")],
    answers: true,
  }),
  gateway: gatewayPermissions,
};

/** What a caller's subjects are, of one tenant or (`*`) of all. */
const callerSubjects = (tenant: string) => ({
  // Not to the passing lane, which stages alone write.
  submits: lanes.map((lane) => factSubject("request.submitted", { tenant, lane, requestId: "*" })),
  cancels: cancelSubject({ tenant, requestId: "*" }),
  results: resultSubject({ tenant, requestId: "*" }),
  receives: [
    resultSubject({ tenant, requestId: "*" }),
    deltaSubject({ tenant, requestId: "*" }),
    progressSubject(tenant, "*" as Stage, "*"),
  ],
});

/** What operators are shown over HTTP, besides what is in buckets. */
const operating: readonly string[] = [serviceCallSubject("observability", "*"), ...reading(deadLetterStream)];

/** The gateway's: what a caller may do, for every tenant. */
export function gatewayPermissions(): Permissions {
  const { submits, cancels, receives } = callerSubjects("*");
  return {
    publish: [
      ...submits,
      cancels,
      eventSubject("gateway", "*"),
      ...looking,
      ...probing("gateway"),
      ...reading(resultsStream),
      ...bucketsOf("gateway").flatMap(using),
      ...listing("nocp_keys"),
      ...["nocp_jobs", "nocp_files", "nocp_batches"].map((bucket) => `$JS.API.STREAM.PURGE.KV_${bucket}`),
      ...operating,
      "$JS.API.STREAM.PURGE.KV_nocp_file_chunks",
      ...keepingTheArchive,
    ],
    subscribe: [inboxOf("gateway"), ...receives],
  };
}

/** Buckets of which a tenant may read its own keys. */
const readableBuckets = [claimsBucket, headsBucket, turnsBucket, archiveBucket, archiveIndexBucket];

/** What the callers of one tenant may do: its own requests, results, deltas, sessions and archive. */
export function tenantImports(tenant: string): TenantImports {
  const { submits, cancels, results, receives } = callerSubjects(tenant);
  return {
    services: [
      ...submits,
      cancels,
      `$JS.API.DIRECT.GET.${resultsStream}.${results}`,
      `$KV.${claimsBucket}.${tenant}.>`,
      ...readableBuckets.map((bucket) => `$JS.API.DIRECT.GET.KV_${bucket}.$KV.${bucket}.${tenant}.>`),
    ],
    streams: receives,
  };
}
