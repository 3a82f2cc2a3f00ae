// What a service's /readyz says.
import { get } from "node:http";
import { z } from "zod";

const readinessSchema = z.object({
  status: z.string(),
  reason: z.string().optional(),
  cause: z.string().optional(),
  powerLoss: z.string().optional(),
  recreated: z.string().optional(),
});
export type ServiceReadiness = z.infer<typeof readinessSchema>;

const answerTimeoutMs = 2000;

/** @returns `undefined` when it does not answer. With node:http, as loading fetch takes a tenth of a second. */
export function readinessOf(httpUrl: string): Promise<ServiceReadiness | undefined> {
  return new Promise((resolve) => {
    const request = get(`${httpUrl}/readyz`, { timeout: answerTimeoutMs }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      answer.on("end", () => resolve(parsed(text)));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(undefined));
  });
}

function parsed(text: string): ServiceReadiness | undefined {
  try {
    return readinessSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
