// An MCP server over pipes, as a program. With `legacy` it knows sessions alone, as servers before 2026-07-28 did.
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { createTestMcpServer } from "./mcp-test-tools.ts";

process.stderr.write("the test server has started\n");
if (process.argv.includes("legacy")) await createTestMcpServer().connect(new StdioServerTransport());
else serveStdio(createTestMcpServer);
