// Which images the tests run: those of docker-compose.yml, or others that the environment names, e.g. where there is no registry.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../servers/start-test-deployment.ts";

interface ComposeFile {
  readonly services: Readonly<Record<string, { readonly image: string; readonly build?: object; readonly restart?: string }>>;
}

const { services } = parse(readFileSync(join(projectRoot, "docker-compose.yml"), "utf8"), { merge: true }) as ComposeFile;

/** `NOCP_TEST_IMAGE_<SERVICE>`, or `NOCP_TEST_IMAGE_NOCP` for all services that are built from the project. */
const variableOf = (service: string): string => {
  // What files laid over it add is built from the project, too.
  const isBuilt = services[service] === undefined || services[service].build !== undefined;
  return `NOCP_TEST_IMAGE_${isBuilt ? "NOCP" : service.toUpperCase().replaceAll("-", "_")}`;
};

/** The image that takes the place of a compose service's own. */
export const replacementOf = (service: string): string | undefined => process.env[variableOf(service)] || undefined;

export const composeServices: readonly string[] = Object.keys(services);
/** What ends before the services start. */
export const composeJobs: readonly string[] = composeServices.filter((name) => services[name]?.restart === "no");

/** @param service of docker-compose.yml. */
export function imageOf(service: string): string {
  const image = replacementOf(service) ?? services[service]?.image;
  if (image === undefined) throw new Error(`docker-compose.yml has no service ${service} with an image`);
  return image;
}
