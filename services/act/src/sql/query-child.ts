// Entry of the child process that queries a database.
import { answerParent } from "../process/answer-parent.ts";
import { queryDatabase } from "./query-database.ts";

answerParent(queryDatabase);
