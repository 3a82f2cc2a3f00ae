// The configuration file of the nats-server that ./nocp runs.

export interface NatsConfig {
  readonly host: string;
  readonly port: number;
  /** Monitoring over HTTP; none when absent. */
  readonly monitorPort?: number;
  readonly storeFolder: string;
  readonly logFile?: string;
  /** Of the file with accounts and users, beside this one. */
  readonly accountsFile: string;
  /** Acknowledge a message only when it is on the disk; for servers that know `sync_interval: always`; others refuse to start. */
  readonly syncAlways?: boolean;
}

/**
 * What streams may reserve together. Set because the server's own default is three quarters of the free disk, which a
 * small machine lacks for the limits of all streams; limits are ceilings, not what is used.
 */
const reservableBytes = 64 * 1024 ** 3;

/** JSON strings are valid in the server's configuration language, and take care of quotes and blanks in paths. */
const quoted = (text: string): string => JSON.stringify(text);

export const natsConfigFile = (config: NatsConfig): string =>
  [
    "# Written by ./nocp at every start.",
    'server_name: "nocp"',
    `listen: ${quoted(`${config.host}:${config.port}`)}`,
    ...(config.monitorPort === undefined ? [] : [`http: ${quoted(`${config.host}:${config.monitorPort}`)}`]),
    ...(config.logFile === undefined ? [] : [`log_file: ${quoted(config.logFile)}`, "logfile_size_limit: 10MB"]),
    `jetstream: { store_dir: ${quoted(config.storeFolder)}, max_file_store: ${reservableBytes}${config.syncAlways ? ', sync_interval: "always"' : ""} }`,
    `include ${quoted(config.accountsFile)}`,
    "",
  ].join("\n");
