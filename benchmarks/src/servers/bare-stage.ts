// A stage of the bare pipe as a process of its own. Arguments: NATS URL, stage. Prints a line when it pulls.
import { stages } from "@nocp/shared/contracts/topology.ts";
import { startBareStage } from "../load/bare-stage.ts";
import { openPlainBroker } from "../load/open-plain-broker.ts";

const [natsUrl = "", name] = process.argv.slice(2);
const stage = stages.find((known) => known === name);
if (!stage) throw new Error(`there is no stage ${name}; there are ${stages.join(", ")}`);
const broker = await openPlainBroker(natsUrl);
const subscription = startBareStage(broker, stage);
process.on("SIGTERM", () => {
  subscription.close();
  void broker.close();
});
process.stdout.write("pulling\n");
