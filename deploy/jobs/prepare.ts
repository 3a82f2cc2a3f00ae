// Before NATS starts, in docker-compose.yml: makes credentials, gives the account of the services the streams that a release
// without accounts left, and builds the database that the third example reads. Ends at once.
//
// prepare <folder for credentials> <folder of NATS's files> <folder with examples/ and package-lock.json>
import { chownSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeContainerAccess } from "@nocp/runtime/accounts/container-access.ts";
import { adoptStreams } from "@nocp/runtime/accounts/server-files.ts";
import { buildLockfileDatabase } from "./lockfile-database.ts";

/** As in the Dockerfile. */
const serviceUser = { uid: 10001, gid: 10001 };
/** As docker-compose.yml publishes it. */
const natsUrl = "nats://127.0.0.1:4222";

const [credentials, natsFiles, project] = process.argv.slice(2);
if (credentials === undefined || natsFiles === undefined || project === undefined)
  throw new Error("name the folder for credentials, that of NATS's files and that of the examples");

// Whoever has the project's files runs the deployment.
const examples = join(project, "examples");
const owner = statSync(examples);
writeContainerAccess(credentials, { natsUrl, owner, serviceUser });
adoptStreams(natsFiles);
for (const file of buildLockfileDatabase(project)) chownSync(file, owner.uid, owner.gid);
