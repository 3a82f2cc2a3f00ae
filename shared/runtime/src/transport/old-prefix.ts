/** Began every subject in the release before tenants. */
export const oldPrefix = "nocp.v1";
