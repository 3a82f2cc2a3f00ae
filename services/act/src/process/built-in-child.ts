// Entry of the child processes of NOCP's own tools: work that a caller can make last for ever.
import { searchFiles } from "../files/search-files.ts";
import { queryDatabase } from "../sql/query-database.ts";
import { serveParent } from "./serve-parent.ts";

serveParent({ "file.search": searchFiles, "sql.query": queryDatabase });
