// After the tools of MCP servers for files, browsers, databases and error tracking, as their documentation lists them.
import type { OfferedTool } from "@nocp/contracts/prompt.ts";
import { plainTool, pydanticTool, zodTool } from "./tool-shapes.ts";

export const filesystemTools: readonly OfferedTool[] = [
  zodTool(
    "read_text_file",
    "Read the complete contents of a file from the file system as text. Handles various text encodings and provides detailed error messages if the file cannot be read. Use this tool when you need to examine the contents of a single file. Use the 'head' parameter to read only the first N lines of a file, or the 'tail' parameter to read only the last N lines of a file. Operates on the file as text regardless of extension. Only works within allowed directories.",
    {
      path: "string! ",
      tail: "number If provided, returns only the last N lines of the file",
      head: "number If provided, returns only the first N lines of the file",
    },
  ),
  zodTool(
    "read_media_file",
    "Read an image or audio file. Returns the base64 encoded data and MIME type. Only works within allowed directories.",
    {
      path: "string! ",
    },
  ),
  zodTool(
    "read_multiple_files",
    "Read the contents of multiple files simultaneously. This is more efficient than reading files one by one when you need to analyze or compare multiple files. Each file's content is returned with its path as a reference. Failed reads for individual files won't stop the entire operation. Only works within allowed directories.",
    {
      paths: "string[]! ",
    },
  ),
  zodTool(
    "write_file",
    "Create a new file or completely overwrite an existing file with new content. Use with caution as it will overwrite existing files without warning. Handles text content with proper encoding. Only works within allowed directories.",
    {
      path: "string! ",
      content: "string! ",
    },
  ),
  zodTool(
    "edit_file",
    "Make line-based edits to a text file. Each edit replaces exact line sequences with new content. Returns a git-style diff showing the changes made. Only works within allowed directories.",
    {
      path: "string! ",
      edits: "object[]! ",
      dryRun: "boolean Preview changes using git-style diff format",
    },
  ),
  zodTool(
    "create_directory",
    "Create a new directory or ensure a directory exists. Can create multiple nested directories in one operation. If the directory already exists, this operation will succeed silently. Perfect for setting up directory structures for projects or ensuring required paths exist. Only works within allowed directories.",
    {
      path: "string! ",
    },
  ),
  zodTool(
    "list_directory",
    "Get a detailed listing of all files and directories in a specified path. Results clearly distinguish between files and directories with [FILE] and [DIR] prefixes. This tool is essential for understanding directory structure and finding specific files within a directory. Only works within allowed directories.",
    {
      path: "string! ",
    },
  ),
  zodTool(
    "directory_tree",
    "Get a recursive tree view of files and directories as a JSON structure. Each entry includes 'name', 'type' (file/directory), and 'children' for directories. Files have no children array, while directories always have a children array (which may be empty). The output is formatted with 2-space indentation for readability. Only works within allowed directories.",
    {
      path: "string! ",
    },
  ),
  zodTool(
    "move_file",
    "Move or rename files and directories. Can move files between directories and rename them in a single operation. If the destination exists, the operation will fail. Works across different directories and can be used for simple renaming within the same directory. Both source and destination must be within allowed directories.",
    {
      source: "string! ",
      destination: "string! ",
    },
  ),
  zodTool(
    "search_files",
    "Recursively search for files and directories matching a pattern. The patterns should be glob-style patterns that match paths relative to the working directory. Use pattern like '*.ext' to match files in current directory, and '**/*.ext' to match files in all subdirectories. Returns full paths to all matching items. Great for finding files when you don't know their exact location. Only searches within allowed directories.",
    {
      path: "string! ",
      pattern: "string! ",
      excludePatterns: "string[] ",
    },
  ),
  zodTool(
    "get_file_info",
    "Retrieve detailed metadata about a file or directory. Returns comprehensive information including size, creation time, last modified time, permissions, and type. This tool is perfect for understanding file characteristics without reading the actual content. Only works within allowed directories.",
    {
      path: "string! ",
    },
  ),
  zodTool(
    "list_allowed_directories",
    "Returns the list of directories that this server is allowed to access. Subdirectories within these allowed directories are also accessible. Use this to understand which directories and their nested paths are available before trying to access files.",
    {},
  ),
];

const element = {
  element: "string! Human-readable element description used to obtain permission to interact with the element",
  ref: "string! Exact target element reference from the page snapshot",
};

const browser: readonly OfferedTool[] = [
  zodTool("browser_navigate", "Navigate to a URL", { url: "string! The URL to navigate to" }),
  zodTool("browser_snapshot", "Capture accessibility snapshot of the current page, this is better than screenshot", {}),
  zodTool("browser_click", "Perform click on a web page", {
    ...element,
    doubleClick: "boolean Whether to perform a double click instead of a single click",
    button: "string(left|right|middle) Button to click, defaults to left",
  }),
  zodTool("browser_type", "Type text into editable element", {
    ...element,
    text: "string! Text to type into the element",
    submit: "boolean Whether to submit entered text (press Enter after)",
    slowly:
      "boolean Whether to type one character at a time. Useful for triggering key handlers in the page. By default entire text is filled in at once.",
  }),
  zodTool("browser_fill_form", "Fill multiple form fields", { fields: "object[]! Fields to fill in" }),
  zodTool(
    "browser_take_screenshot",
    "Take a screenshot of the current page. You can't perform actions based on the screenshot, use browser_snapshot for actions.",
    {
      type: "string(png|jpeg) Image format for the screenshot. Default is png.",
      filename: "string File name to save the screenshot to. Defaults to `page-{timestamp}.{png|jpeg}` if not specified.",
      fullPage:
        "boolean When true, takes a screenshot of the full scrollable page, instead of the currently visible viewport. Cannot be used with element screenshots.",
    },
  ),
  zodTool("browser_select_option", "Select an option in a dropdown", {
    ...element,
    values: "string[]! Array of values to select in the dropdown. This can be a single value or multiple values.",
  }),
  zodTool("browser_evaluate", "Evaluate JavaScript expression on page or element", {
    function: "string! () => { /* code */ } or (element) => { /* code */ } when element is provided",
    element: "string Human-readable element description used to obtain permission to interact with the element",
    ref: "string Exact target element reference from the page snapshot",
  }),
  zodTool("browser_console_messages", "Returns all console messages", {
    onlyErrors: "boolean Only return error messages",
  }),
  zodTool("browser_network_requests", "Returns all network requests since loading the page", {}),
  zodTool("browser_wait_for", "Wait for text to appear or disappear or a specified time to pass", {
    time: "number The time to wait in seconds",
    text: "string The text to wait for",
    textGone: "string The text to wait for to disappear",
  }),
  zodTool("browser_tabs", "List, create, close, or select a browser tab.", {
    action: "string(list|new|close|select)! Operation to perform",
    index: "number Tab index, used for close/select. If omitted for close, current tab is closed.",
  }),
];

const database: readonly OfferedTool[] = [
  pydanticTool("list_schemas", "List all schemas in the database", {}),
  pydanticTool("list_objects", "List objects in a schema", {
    schema_name: "string! Schema name",
    object_type: "string Object type: 'table', 'view', 'sequence', or 'extension'",
  }),
  pydanticTool("get_object_details", "Show detailed information about a database object", {
    schema_name: "string! Schema name",
    object_name: "string! Object name",
    object_type: "string Object type: 'table', 'view', 'sequence', or 'extension'",
  }),
  pydanticTool("execute_sql", "Execute a read-only SQL query", { sql: "string! SQL to run" }),
  pydanticTool(
    "explain_query",
    "Explains the execution plan for a SQL query, showing how the database will execute it and provides detailed cost estimates.",
    {
      sql: "string! SQL query to explain",
      analyze: "boolean When True, actually runs the query to show real execution statistics instead of estimates.",
    },
  ),
  pydanticTool(
    "analyze_db_health",
    "Analyzes database health. Here are the available health checks:\n- index - checks for invalid, duplicate, and bloated indexes\n- connection - checks the number of connection and their utilization\n- vacuum - checks vacuum health for transaction id wraparound\n- replication - checks replication health including lag and slots\n- buffer - checks for buffer cache hit rates for indexes and tables",
    {
      health_type: "string Optional. Valid values are: index, connection, vacuum, replication, buffer, all. Default is 'all'.",
    },
  ),
];

const errorTracking: readonly OfferedTool[] = [
  zodTool(
    "find_organizations",
    "Find organizations that the user has access to in Sentry.\n\nUse this tool when you need to:\n- View organizations in Sentry\n- Find an organization's slug to aid other tool requests",
    {
      query: "string Search query to filter results by name or slug",
    },
  ),
  zodTool(
    "get_issue_details",
    "Get detailed information about a specific Sentry issue by ID.\n\nUSE THIS TOOL WHEN USERS:\n- Provide a specific issue ID (e.g., 'CLOUDFLARE-MCP-41', 'PROJECT-123')\n- Ask to 'explain [ISSUE-ID]', 'tell me about [ISSUE-ID]'\n- Want details/stacktrace/analysis for a known issue",
    {
      organizationSlug:
        "string The organization's slug. You can find a existing list of organizations you have access to using the `find_organizations()` tool.",
      issueId: "string The Issue ID. e.g. `PROJECT-1Z43`",
      issueUrl: "string The URL of the issue. e.g. https://my-organization.sentry.io/issues/PROJECT-1Z43",
    },
  ),
  zodTool(
    "search_events",
    "Search for events AND perform counts/aggregations - the ONLY tool for statistics and counts.\n\nSupports TWO query types:\n1. AGGREGATIONS (counts, sums, averages): 'how many errors', 'count of issues', 'total tokens'\n2. Individual events with timestamps: 'show me error logs from last hour'",
    {
      organizationSlug: "string! The organization's slug.",
      naturalLanguageQuery: "string! Natural language description of what you want to search for",
      limit: "number Maximum number of results to return",
    },
  ),
];

const others: readonly OfferedTool[] = [
  plainTool("get_forecast", "Get weather forecast for a location.", {
    latitude: "number! Latitude of the location",
    longitude: "number! Longitude of the location",
    days: "integer Number of days (1 to 16)",
  }),
  plainTool(
    "brave_web_search",
    "Performs a web search using the Brave Search API, ideal for general queries, news, articles, and online content. Use this for broad information gathering, recent events, or when you need diverse web sources. Supports pagination, content filtering, and freshness controls. Maximum 20 results per request, with offset for pagination.",
    {
      query: "string! Search query (max 400 chars, 50 words)",
      count: "number Number of results (1-20, default 10)",
      offset: "number Pagination offset (max 9, default 0)",
    },
  ),
  plainTool("send_email", "Sends a new email", {
    to: "string[]! List of recipient email addresses",
    subject: "string! Email subject",
    body: "string! Email body content",
    cc: "string[] List of CC recipients",
    attachments: "string[] List of file paths to attach to the email",
  }),
  plainTool("search_emails", "Searches for emails using Gmail search syntax", {
    query: "string! Gmail search query (e.g., 'from:example@gmail.com')",
    maxResults: "number Maximum number of results to return",
  }),
];

export const localTools: readonly OfferedTool[] = [...filesystemTools, ...browser, ...database, ...errorTracking, ...others];
