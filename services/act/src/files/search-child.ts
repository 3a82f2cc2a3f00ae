// Entry of the child process that searches files.
import { answerParent } from "../process/answer-parent.ts";
import { searchFiles } from "./search-files.ts";

answerParent(searchFiles);
