// Builds the services of the image: `node cli/src/packaging/write-services.ts <folder>`.
import { join, resolve } from "node:path";
import { buildServices } from "./build-services.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("name the folder that the services are written into");
await buildServices(join(import.meta.dirname, "../../.."), resolve(folder));
