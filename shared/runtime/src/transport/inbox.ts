/**
 * Begins the reply subjects of a user. Services share an account, and nobody else may listen where their replies and
 * deliveries arrive; users of other names come from a server's own configuration, which knows the usual prefix.
 */
export const inboxPrefixOf = (user: string): string =>
  user.startsWith(serviceUserPrefix) ? `_INBOX_${user.slice(serviceUserPrefix.length)}` : "_INBOX";

/** Users of ours are called `nocp.act`, `nocp.admin`: no tenant's name has a dot. */
export const serviceUserPrefix = "nocp.";
