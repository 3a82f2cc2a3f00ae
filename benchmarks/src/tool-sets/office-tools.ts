// After the tools of MCP servers for Slack, Jira, Confluence and calendars, as their documentation lists them.
import type { OfferedTool } from "@nocp/contracts/prompt.ts";
import { plainTool, pydanticTool } from "./tool-shapes.ts";

const slack: readonly OfferedTool[] = [
  plainTool("slack_list_channels", "List public or pre-defined channels in the workspace with pagination", {
    limit: "number Maximum number of channels to return (default 100, max 200)",
    cursor: "string Pagination cursor for next page of results",
  }),
  plainTool("slack_post_message", "Post a new message to a Slack channel", {
    channel_id: "string! The ID of the channel to post to",
    text: "string! The message text to post",
  }),
  plainTool("slack_reply_to_thread", "Reply to a specific message thread in Slack", {
    channel_id: "string! The ID of the channel containing the thread",
    thread_ts:
      "string! The timestamp of the parent message in the format '1234567890.123456'. Timestamps in the format without the period can be converted by adding the period such that 6 numbers come after it.",
    text: "string! The reply text",
  }),
  plainTool("slack_add_reaction", "Add a reaction emoji to a message", {
    channel_id: "string! The ID of the channel containing the message",
    timestamp: "string! The timestamp of the message to react to",
    reaction: "string! The name of the emoji reaction (without ::)",
  }),
  plainTool("slack_get_channel_history", "Get recent messages from a channel", {
    channel_id: "string! The ID of the channel",
    limit: "number Number of messages to retrieve (default 10)",
  }),
  plainTool("slack_get_thread_replies", "Get all replies in a message thread", {
    channel_id: "string! The ID of the channel containing the thread",
    thread_ts:
      "string! The timestamp of the parent message in the format '1234567890.123456'. Timestamps in the format without the period can be converted by adding the period such that 6 numbers come after it.",
  }),
  plainTool("slack_get_users", "Get a list of all users in the workspace with their basic profile information", {
    cursor: "string Pagination cursor for next page of results",
    limit: "number Maximum number of users to return (default 100, max 200)",
  }),
  plainTool("slack_get_user_profile", "Get detailed profile information for a specific user", {
    user_id: "string! The ID of the user",
  }),
];

const issueKey = { issue_key: "string! Jira issue key (e.g., 'PROJ-123')" };

const jira: readonly OfferedTool[] = [
  pydanticTool(
    "jira_search",
    "Search Jira issues using JQL (Jira Query Language).\n\nReturns:\n    JSON string representing the search results including pagination info.",
    {
      jql: 'string! JQL query string (Jira Query Language). Examples:\n- Find Epics: "issuetype = Epic AND project = PROJ"\n- Find issues in Epic: "parent = PROJ-123"\n- Find by status: "status = \'In Progress\' AND project = PROJ"\n- Find by assignee: "assignee = currentUser()"\n- Find recently updated: "updated >= -7d AND project = PROJ"',
      fields:
        "string Comma-separated fields to return in the results. Use '*all' for all fields, or specify individual fields like 'summary,status,assignee,priority'",
      limit: "integer Maximum number of results (1-50)",
      start_at: "integer Starting index for pagination (0-based)",
      projects_filter:
        "string Comma-separated list of project keys to filter results by. Overrides the environment variable JIRA_PROJECTS_FILTER if provided.",
      expand: "string Optional fields to expand, for example: 'renderedFields', 'transitions', 'changelog'",
    },
  ),
  pydanticTool(
    "jira_get_issue",
    "Get details of a specific Jira issue including its Epic links and relationship information.\n\nReturns:\n    JSON string representing the Jira issue object.\n\nRaises:\n    ValueError: If the Jira client is not configured or available.",
    {
      ...issueKey,
      fields: "string Comma-separated list of fields to return. You may also provide a single field as a string.",
      expand:
        "string Fields to expand. Examples: 'renderedFields' (for rendered content), 'transitions' (for available status transitions), 'changelog' (for history)",
      comment_limit: "integer Maximum number of comments to include (0 or null for no comments)",
    },
  ),
  pydanticTool(
    "jira_create_issue",
    "Create a new Jira issue with optional Epic link or parent for subtasks.\n\nReturns:\n    JSON string representing the created issue object.\n\nRaises:\n    ValueError: If in read-only mode or Jira client is unavailable.",
    {
      project_key:
        "string! The JIRA project key (e.g. 'PROJ', 'DEV', 'SUPPORT'). This is the prefix of issue keys in your project. Never assume what it might be, always ask the user.",
      summary: "string! Summary/title of the issue",
      issue_type:
        "string! Issue type (e.g. 'Task', 'Bug', 'Story', 'Epic', 'Subtask'). The available types depend on your project configuration.",
      assignee: "string Assignee's user identifier (optional): Email, display name, or account ID",
      description: "string Issue description",
      components: "string Comma-separated list of component names to assign (e.g., 'Frontend,API')",
      additional_fields:
        "object Dictionary of additional fields to set. Examples:\n- Set priority: {'priority': {'name': 'High'}}\n- Add labels: {'labels': ['frontend', 'urgent']}\n- Link to parent (for any issue type): {'parent': 'PROJ-123'}",
    },
  ),
  pydanticTool(
    "jira_update_issue",
    "Update an existing Jira issue including changing status, adding Epic links, updating fields, etc.\n\nReturns:\n    JSON string representing the updated issue object.",
    {
      ...issueKey,
      fields: "object! Dictionary of fields to update. For 'assignee', provide a string identifier (email, name, or accountId).",
      additional_fields: "object Optional dictionary of additional fields to update.",
      attachments: "string Optional JSON string array or comma-separated list of file paths to attach to the issue.",
    },
  ),
  pydanticTool("jira_delete_issue", "Delete an existing Jira issue.", issueKey),
  pydanticTool("jira_add_comment", "Add a comment to a Jira issue.", {
    ...issueKey,
    comment: "string! Comment text in Markdown format",
  }),
  pydanticTool("jira_get_transitions", "Get available status transitions for a Jira issue.", issueKey),
  pydanticTool(
    "jira_transition_issue",
    "Transition a Jira issue to a new status.\n\nReturns:\n    JSON string representing the updated issue object.",
    {
      ...issueKey,
      transition_id:
        "string! ID of the transition to perform. Use the jira_get_transitions tool first to get the available transition IDs for the issue. Example values: '11', '21', '31'",
      fields:
        "object Dictionary of fields to update during the transition. Some transitions require specific fields to be set (e.g., resolution).",
      comment: "string Comment to add during the transition (optional). This will be visible in the issue history.",
    },
  ),
  pydanticTool("jira_add_worklog", "Add a worklog entry to a Jira issue.", {
    ...issueKey,
    time_spent:
      "string! Time spent in Jira format. Examples: '1h 30m' (1 hour and 30 minutes), '1d' (1 day), '30m' (30 minutes), '4h' (4 hours)",
    comment: "string Optional comment for the worklog in Markdown format",
    started: "string Optional start time in ISO format. If not provided, the current time will be used.",
  }),
  pydanticTool("jira_link_to_epic", "Link an existing issue to an epic.", {
    ...issueKey,
    epic_key: "string! The key of the epic to link to (e.g., 'PROJ-456')",
  }),
  pydanticTool("jira_get_agile_boards", "Get jira agile boards by name, project key, or type.", {
    board_name: "string The name of board, support fuzzy search",
    project_key: "string Jira project key (e.g., 'PROJ-123')",
    board_type: "string The type of jira board (e.g., 'scrum', 'kanban')",
  }),
  pydanticTool("jira_get_sprints_from_board", "Get jira sprints from board by state.", {
    board_id: "string! The id of board (e.g., '1000')",
    state: "string Sprint state (e.g., 'active', 'future', 'closed')",
  }),
  pydanticTool("jira_get_sprint_issues", "Get jira issues from sprint.", {
    sprint_id: "string! The id of sprint (e.g., '10001')",
    fields: "string Comma-separated fields to return in the results.",
  }),
  pydanticTool("confluence_search", "Search Confluence content using simple terms or CQL.", {
    query:
      "string! Search query - can be either a simple text (e.g. 'project documentation') or a CQL query string. Simple queries use 'siteSearch' by default, to mimic the WebUI search, with an automatic fallback to 'text' search if not supported.",
    limit: "integer Maximum number of results (1-50)",
    spaces_filter: "string Comma-separated list of space keys to filter results by.",
  }),
  pydanticTool("confluence_get_page", "Get content of a specific Confluence page by its ID, or by its title and space key.", {
    page_id: "string Confluence page ID (numeric ID, can be found in the page URL).",
    title: "string The exact title of the Confluence page. Use this with 'space_key' if 'page_id' is not known.",
    space_key: "string The key of the Confluence space where the page resides (e.g., 'DEV', 'TEAM').",
    include_metadata: "boolean Whether to include page metadata such as creation date, last update, version, and labels.",
  }),
  pydanticTool("confluence_create_page", "Create a new Confluence page.", {
    space_key: "string! The key of the space to create the page in (usually a short uppercase code like 'DEV', 'TEAM', or 'DOC')",
    title: "string! The title of the page",
    content:
      "string! The content of the page in Markdown format. Supports headings, lists, tables, code blocks, and other Markdown syntax",
    parent_id: "string Parent page ID. If provided, this page will be created as a child of the specified page",
  }),
];

const calendar: readonly OfferedTool[] = [
  plainTool("list_calendars", "List all available calendars", {}),
  plainTool("list_events", "List events from a calendar within a time range.", {
    calendarId: "string! ID of the calendar(s) to list events from",
    timeMin: "string! Start time boundary. Preferred: '2024-01-01T00:00:00' (uses timeZone parameter or calendar timezone).",
    timeMax: "string! End time boundary. Preferred: '2024-01-01T23:59:59' (uses timeZone parameter or calendar timezone).",
    timeZone: "string Timezone as IANA Time Zone Database name (e.g., America/Los_Angeles).",
  }),
  plainTool("create_event", "Create a new calendar event.", {
    calendarId: "string! ID of the calendar (use 'primary' for the main calendar)",
    summary: "string! Title of the event",
    description: "string Description/notes for the event",
    start: "string! Event start time: '2024-01-01T10:00:00'",
    end: "string! Event end time: '2024-01-01T11:00:00'",
    attendees: "object[] List of event attendees with their email addresses",
    location: "string Location of the event",
    recurrence: 'string[] Recurrence rules in RFC5545 format (e.g., ["RRULE:FREQ=WEEKLY;COUNT=5"])',
  }),
  plainTool("update_event", "Update an existing calendar event with recurring event modification scope support.", {
    calendarId: "string! ID of the calendar",
    eventId: "string! ID of the event to update",
    summary: "string Updated title of the event",
    start: "string Updated start time",
    end: "string Updated end time",
    modificationScope: "string(thisAndFollowing|all|thisEventOnly) Scope for recurring event modifications",
  }),
  plainTool("delete_event", "Delete a calendar event.", {
    calendarId: "string! ID of the calendar",
    eventId: "string! ID of the event to delete",
    sendUpdates: "string(all|externalOnly|none) Whether to send cancellation notifications",
  }),
  plainTool(
    "get_freebusy",
    "Query free/busy information for calendars. Note: Time range is limited to a maximum of 3 months between timeMin and timeMax.",
    {
      calendars: "object[]! List of calendars and/or groups to query for free/busy information",
      timeMin: "string! Start time boundary.",
      timeMax: "string! End time boundary.",
    },
  ),
];

export const slackTools = slack;
export const officeTools: readonly OfferedTool[] = [...slack, ...jira, ...calendar];
