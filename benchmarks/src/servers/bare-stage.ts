// A stage of the bare pipe as a process of its own. Arguments: NATS URL, stage, reader. Prints a line when it reads.
import { stages } from "@nocp/contracts/topology.ts";
import { readers, startBareStage } from "../load/bare-stage.ts";
import { openPlainBroker } from "../load/open-plain-broker.ts";

const [natsUrl = "", name, readerName] = process.argv.slice(2);
const stage = stages.find((known) => known === name);
if (!stage) throw new Error(`there is no stage ${name}; there are ${stages.join(", ")}`);
const reader = readers.find((known) => known === readerName);
if (!reader) throw new Error(`there is no reader ${readerName}; there are ${readers.join(", ")}`);
const broker = await openPlainBroker(natsUrl);
const bareStage = await startBareStage(broker, stage, reader);
process.on("SIGTERM", () => {
  bareStage.close();
  void broker.close();
});
process.stdout.write("reading\n");
