// After the tools of GitHub's MCP server, as its documentation lists them.
import type { OfferedTool } from "@nocp/contracts/prompt.ts";
import { plainTool } from "./tool-shapes.ts";

const repository = { owner: "string! Repository owner", repo: "string! Repository name" };
const pages = {
  page: "number Page number for pagination (min 1)",
  perPage: "number Results per page for pagination (min 1, max 100)",
};

const issues: readonly OfferedTool[] = [
  plainTool("get_issue", "Get details of a specific issue in a GitHub repository.", {
    ...repository,
    issue_number: "number! The number of the issue",
  }),
  plainTool("list_issues", "List issues in a GitHub repository.", {
    ...repository,
    state: "string(OPEN|CLOSED) Filter by state, by default both open and closed issues are returned when not provided",
    labels: "string[] Filter by labels",
    orderBy:
      "string(CREATED_AT|UPDATED_AT|COMMENTS) Order issues by field. If provided, the 'direction' also needs to be provided.",
    direction: "string(ASC|DESC) Order direction. If provided, the 'orderBy' also needs to be provided.",
    since: "string Filter by date (ISO 8601 timestamp)",
    ...pages,
  }),
  plainTool("create_issue", "Create a new issue in a GitHub repository.", {
    ...repository,
    title: "string! Issue title",
    body: "string Issue body content",
    assignees: "string[] Usernames to assign to this issue",
    labels: "string[] Labels to apply to this issue",
    milestone: "number Milestone number",
  }),
  plainTool("update_issue", "Update an existing issue in a GitHub repository.", {
    ...repository,
    issue_number: "number! Issue number to update",
    title: "string New title",
    body: "string New description",
    state: "string(open|closed) New state",
    labels: "string[] New labels",
    assignees: "string[] New assignees",
    milestone: "number New milestone number",
  }),
  plainTool("add_issue_comment", "Add a comment to a specific issue in a GitHub repository.", {
    ...repository,
    issue_number: "number! Issue number to comment on",
    body: "string! Comment content",
  }),
  plainTool("search_issues", "Search for issues in GitHub repositories using issues search syntax already scoped to is:issue", {
    query: "string! Search query using GitHub issues search syntax",
    owner: "string Optional repository owner. If provided with repo, only issues for this repository are listed.",
    repo: "string Optional repository name. If provided with owner, only issues for this repository are listed.",
    sort: "string(comments|reactions|created|updated) Sort field by number of matches of categories, defaults to best match",
    order: "string(asc|desc) Sort order",
    ...pages,
  }),
  plainTool("list_label", "List labels from a repository", repository),
];

const pullRequests: readonly OfferedTool[] = [
  plainTool("create_pull_request", "Create a new pull request in a GitHub repository.", {
    ...repository,
    title: "string! PR title",
    body: "string PR description",
    head: "string! Branch containing changes",
    base: "string! Branch to merge into",
    draft: "boolean Create as draft PR",
    maintainer_can_modify: "boolean Allow maintainer edits",
  }),
  plainTool("get_pull_request", "Get details of a specific pull request in a GitHub repository.", {
    ...repository,
    pullNumber: "number! Pull request number",
  }),
  plainTool(
    "list_pull_requests",
    "List pull requests in a GitHub repository. If the user specifies an author, then DO NOT use this tool and use the search_pull_requests tool instead.",
    {
      ...repository,
      state: "string(open|closed|all) Filter by state",
      head: "string Filter by head user/org and branch",
      base: "string Filter by base branch",
      sort: "string(created|updated|popularity|long-running) Sort by",
      direction: "string(asc|desc) Sort direction",
      ...pages,
    },
  ),
  plainTool("merge_pull_request", "Merge a pull request in a GitHub repository.", {
    ...repository,
    pullNumber: "number! Pull request number",
    commit_title: "string Title for merge commit",
    commit_message: "string Extra detail for merge commit",
    merge_method: "string(merge|squash|rebase) Merge method",
  }),
  plainTool("update_pull_request", "Update an existing pull request in a GitHub repository.", {
    ...repository,
    pullNumber: "number! Pull request number to update",
    title: "string New title",
    body: "string New description",
    state: "string(open|closed) New state",
    draft: "boolean Mark pull request as draft (true) or ready for review (false)",
    base: "string New base branch name",
    reviewers: "string[] GitHub usernames to request reviews from",
  }),
  plainTool("update_pull_request_branch", "Update the branch of a pull request with the latest changes from the base branch.", {
    ...repository,
    pullNumber: "number! Pull request number",
    expectedHeadSha: "string The expected SHA of the pull request's HEAD ref",
  }),
  plainTool("get_pull_request_diff", "Get the diff of a pull request.", {
    ...repository,
    pullNumber: "number! Pull request number",
  }),
  plainTool("get_pull_request_files", "Get the files changed in a specific pull request.", {
    ...repository,
    pullNumber: "number! Pull request number",
    ...pages,
  }),
  plainTool("get_pull_request_status", "Get the status of a specific pull request.", {
    ...repository,
    pullNumber: "number! Pull request number",
  }),
  plainTool(
    "create_pending_pull_request_review",
    "Create a pending review for a pull request. Call this first before attempting to add comments to a pending review, and ultimately submitting it.",
    {
      ...repository,
      pullNumber: "number! Pull request number",
      commitID: "string SHA of commit to review",
    },
  ),
  plainTool(
    "add_comment_to_pending_review",
    "Add review comment to the requester's latest pending pull request review. A pending review needs to already exist to call this.",
    {
      ...repository,
      pullNumber: "number! Pull request number",
      path: "string! The relative path to the file that necessitates a comment",
      body: "string! The text of the review comment",
      subjectType: "string(FILE|LINE)! The level at which the comment is targeted",
      line: "number The line of the blob in the pull request diff that the comment applies to. For multi-line comments, the last line of the range",
      side: "string(LEFT|RIGHT) The side of the diff to comment on. LEFT indicates the previous state, RIGHT indicates the new state",
      startLine: "number For multi-line comments, the first line of the range that the comment applies to",
    },
  ),
  plainTool(
    "submit_pending_pull_request_review",
    "Submit the requester's latest pending pull request review, normally this is a final step after creating a pending review and adding comments to it.",
    {
      ...repository,
      pullNumber: "number! Pull request number",
      event: "string(APPROVE|REQUEST_CHANGES|COMMENT)! The event to perform",
      body: "string The text of the review comment",
    },
  ),
  plainTool(
    "request_copilot_review",
    "Request a GitHub Copilot code review for a pull request. Use this for automated feedback on pull requests, usually before requesting a human reviewer.",
    {
      ...repository,
      pullNumber: "number! Pull request number",
    },
  ),
];

const contents: readonly OfferedTool[] = [
  plainTool("get_file_contents", "Get the contents of a file or directory from a GitHub repository", {
    ...repository,
    path: "string Path to file/directory (directories must end with a slash '/')",
    ref: "string Accepts optional git refs such as `refs/tags/{tag}`, `refs/heads/{branch}` or `refs/pull/{pr_number}/head`",
    sha: "string Accepts optional commit SHA. If specified, it will be used instead of ref",
  }),
  plainTool(
    "create_or_update_file",
    "Create or update a single file in a GitHub repository. If updating, you must provide the SHA of the file you want to update. Use this tool to create or update a file in a GitHub repository remotely; do not use it for local file operations.",
    {
      ...repository,
      path: "string! Path where to create/update the file",
      content: "string! Content of the file",
      message: "string! Commit message",
      branch: "string! Branch to create/update the file in",
      sha: "string Required if updating an existing file. The blob SHA of the file being replaced.",
    },
  ),
  plainTool("push_files", "Push multiple files to a GitHub repository in a single commit", {
    ...repository,
    branch: "string! Branch to push to",
    files: "object[]! Array of file objects to push, each object with path (string) and content (string)",
    message: "string! Commit message",
  }),
  plainTool("delete_file", "Delete a file from a GitHub repository", {
    ...repository,
    path: "string! Path to the file to delete",
    message: "string! Commit message",
    branch: "string! Branch to delete the file from",
  }),
  plainTool(
    "search_code",
    "Fast and precise code search across ALL GitHub repositories using GitHub's native search engine. Best for finding exact symbols, functions, classes, or specific code patterns.",
    {
      query:
        "string! Search query using GitHub's powerful code search syntax. Examples: 'content:Skill language:Java org:github', 'NOT is:archived language:Python OR language:go', 'repo:github/github-mcp-server'.",
      sort: "string Sort field ('indexed' only)",
      order: "string(asc|desc) Sort order for results",
      ...pages,
    },
  ),
  plainTool("list_branches", "List branches in a GitHub repository", { ...repository, ...pages }),
  plainTool("create_branch", "Create a new branch in a GitHub repository", {
    ...repository,
    branch: "string! Name for new branch",
    from_branch: "string Source branch (defaults to repo default)",
  }),
  plainTool(
    "list_commits",
    "Get list of commits of a branch in a GitHub repository. Returns at least 30 results per page by default, but can return more if specified using the perPage parameter (up to 100).",
    {
      ...repository,
      sha: "string Commit SHA, branch or tag name to list commits of. If not provided, uses the default branch of the repository.",
      author: "string Author username or email address to filter commits by",
      ...pages,
    },
  ),
  plainTool("get_commit", "Get details for a commit from a GitHub repository", {
    ...repository,
    sha: "string! Commit SHA, branch name, or tag name",
    include_diff: "boolean Whether to include file diffs and stats in the response. Default is true.",
    ...pages,
  }),
  plainTool("list_tags", "List git tags in a GitHub repository", { ...repository, ...pages }),
  plainTool("get_latest_release", "Get the latest release in a GitHub repository", repository),
];

const others: readonly OfferedTool[] = [
  plainTool(
    "search_repositories",
    "Find GitHub repositories by name, description, readme, topics, or other metadata. Perfect for discovering projects, finding examples, or locating specific repositories across GitHub.",
    {
      query:
        "string! Repository search query. Examples: 'machine learning in:name stars:>1000 language:python', 'topic:react', 'user:facebook'. Supports advanced search syntax for precise filtering.",
      minimal_output:
        "boolean Return minimal repository information (default: true). When false, returns full GitHub API repository objects.",
      ...pages,
    },
  ),
  plainTool("create_repository", "Create a new GitHub repository in your account or specified organization", {
    name: "string! Repository name",
    description: "string Repository description",
    organization: "string Organization to create the repository in (omit to create in your personal account)",
    private: "boolean Whether repo should be private",
    autoInit: "boolean Initialize with README",
  }),
  plainTool("fork_repository", "Fork a GitHub repository to your account or specified organization", {
    ...repository,
    organization: "string Organization to fork to",
  }),
  plainTool(
    "get_me",
    "Get details of the authenticated GitHub user. Use this when a request is about the user's own profile for GitHub. Or when information is missing to build other tool calls.",
    {},
  ),
  plainTool("list_workflow_runs", "List workflow runs for a specific workflow", {
    ...repository,
    workflow_id: "string! The workflow ID or workflow file name",
    status: "string(queued|in_progress|completed|requested|waiting) Returns workflow runs with the check run status",
    branch: "string Returns workflow runs associated with a branch. Use the name of the branch.",
    event: "string Returns workflow runs for a specific event type",
    ...pages,
  }),
  plainTool(
    "get_job_logs",
    "Download logs for a specific workflow job or efficiently get all failed job logs for a workflow run",
    {
      ...repository,
      job_id: "number The unique identifier of the workflow job (required for single job logs)",
      run_id: "number Workflow run ID (required when using failed_only)",
      failed_only: "boolean When true, gets logs for all failed jobs in run_id",
      return_content: "boolean Returns actual log content instead of URLs",
      tail_lines: "number Number of lines to return from the end of the log",
    },
  ),
  plainTool("rerun_failed_jobs", "Re-run only the failed jobs in a workflow run", {
    ...repository,
    run_id: "number! The unique identifier of the workflow run",
  }),
  plainTool("list_code_scanning_alerts", "List code scanning alerts in a GitHub repository.", {
    ...repository,
    state: "string(open|closed|dismissed|fixed) Filter code scanning alerts by state. Defaults to open",
    severity: "string(critical|high|medium|low|warning|note|error) Filter code scanning alerts by severity",
    ref: "string The Git reference for the results you want to list.",
    tool_name: "string The name of the tool used for code scanning.",
  }),
  plainTool(
    "list_notifications",
    "Lists all GitHub notifications for the authenticated user, including unread notifications, mentions, review requests, assignments, and updates on issues or pull requests. Use this tool whenever the user asks what to work on next, requests a summary of their GitHub activity, or wants to see pending reviews.",
    {
      filter:
        "string(default|include_read_notifications|only_participating) Filter notifications to, use default unless specified.",
      since: "string Only show notifications updated after the given time (ISO 8601 format)",
      before: "string Only show notifications updated before the given time (ISO 8601 format)",
      owner: "string Optional repository owner. If provided with repo, only notifications for this repository are listed.",
      repo: "string Optional repository name. If provided with owner, only notifications for this repository are listed.",
      ...pages,
    },
  ),
];

export const githubTools: readonly OfferedTool[] = [...issues, ...pullRequests, ...contents, ...others];
