import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

/** @param setting that lists hosts with private addresses. */
export const addressRefused = (hostname: string, setting: string): NocpError =>
  new NocpError("HOST_NOT_ALLOWED", `${hostname} has a private address`, {
    advice: `Name the host in ${setting} if it may be reached.`,
  });
