/** Another text for one of a request's. The same text gets the same one each time, so that vendors' caches of prefixes hold. */
export type RewriteText = (text: string) => string;
