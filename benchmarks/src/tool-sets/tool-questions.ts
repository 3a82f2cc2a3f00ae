// What people ask of agents with these tools, and the tools without which it cannot be done. Many of the questions avoid the
// words of the tool's description, and some are in other languages than it.

export interface ToolQuestion {
  readonly question: string;
  /** Each is a tool, or several of which one is enough: `create_issue|jira_create_issue`. */
  readonly needs: readonly string[];
}

const ask = (question: string, ...needs: string[]): ToolQuestion => ({ question, needs });

const onGithub: readonly ToolQuestion[] = [
  ask("What does issue 481 in acme/webshop say?", "get_issue"),
  ask("Which tickets are still open in acme/webshop on GitHub?", "list_issues|search_issues"),
  ask("File a bug in acme/webshop: the checkout button does nothing on Safari.", "create_issue|jira_create_issue"),
  ask("Close #481 in acme/webshop, it is fixed.", "update_issue"),
  ask("Tell the people on acme/webshop#481 that the fix ships on Friday.", "add_issue_comment"),
  ask("Has anybody reported that login fails with a plus sign in the address?", "search_issues|jira_search"),
  ask("Open a PR from feature/cart into main of acme/webshop.", "create_pull_request"),
  ask("Is pull request 77 of acme/webshop ready to go in? Are its checks green?", "get_pull_request_status"),
  ask("Squash 77 into main.", "merge_pull_request"),
  ask("Show me what changed in acme/webshop PR 77, line by line.", "get_pull_request_diff"),
  ask("Which files does pull request 77 touch?", "get_pull_request_files"),
  ask("What pull requests are waiting in acme/api?", "list_pull_requests"),
  ask("Bring PR 77 up to date with main.", "update_pull_request_branch"),
  ask("Ask mona to review 77 in acme/webshop.", "update_pull_request"),
  ask("Approve pull request 12 in acme/api.", "submit_pending_pull_request_review"),
  ask("Leave a remark on line 40 of src/cart.ts in PR 77: this should be awaited.", "add_comment_to_pending_review"),
  ask("Have Copilot look over my pull request.", "request_copilot_review"),
  ask("Read the README of acme/api on the branch develop.", "get_file_contents"),
  ask("Change the version in package.json of acme/api to 2.0.0 and commit it to main.", "create_or_update_file|push_files"),
  ask("Remove docs/old.md from acme/api.", "delete_file"),
  ask("Where on GitHub is parseIsoDuration used?", "search_code"),
  ask("What branches does acme/api have?", "list_branches"),
  ask("Make a branch hotfix-3 off main in acme/api.", "create_branch"),
  ask("Who committed to acme/api last week?", "list_commits"),
  ask("What is in commit 9f2c1e0 of acme/api?", "get_commit"),
  ask("Which version of acme/api was released last?", "get_latest_release|list_tags"),
  ask("Find popular Rust projects for parsing PDF on GitHub.", "search_repositories"),
  ask("Start a new private repo called billing-experiments in the acme organization.", "create_repository"),
  ask("Fork facebook/react to my account.", "fork_repository"),
  ask("What is my GitHub user name?", "get_me"),
  ask("Did last night's run of the workflow deploy.yml of acme/api succeed?", "list_workflow_runs"),
  ask("Why did the build of acme/api fail? Show me the log of the failed jobs of run 8812.", "get_job_logs"),
  ask("Try the failed jobs of run 8812 again.", "rerun_failed_jobs"),
  ask("Are there critical security findings in acme/api?", "list_code_scanning_alerts"),
  ask("What should I look at next on GitHub? Any mentions?", "list_notifications"),
  ask("Label 481 as urgent.", "update_issue|jira_update_issue"),
  ask("Wer hat den Fehler in Issue 481 von acme/webshop gemeldet?", "get_issue"),
  ask("Erstelle einen Pull Request von feature/cart nach main in acme/webshop.", "create_pull_request"),
  ask("¿Qué ramas tiene el repositorio acme/api?", "list_branches"),
  ask("acme/api 的 CI 为什么失败了?", "get_job_logs|list_workflow_runs"),
];

const inSlack: readonly ToolQuestion[] = [
  ask("Tell #releases that 2.0 is out.", "slack_post_message"),
  ask("Let the team know on Slack that the database is back.", "slack_post_message"),
  ask("What was said in #incidents this morning?", "slack_get_channel_history"),
  ask("Answer in the thread that we are looking into it.", "slack_reply_to_thread"),
  ask("Put a thumbs up on Dana's last message in #releases.", "slack_add_reaction"),
  ask("Which channels are there about payments?", "slack_list_channels"),
  ask("What did people answer to the announcement in #general? Summarize the thread.", "slack_get_thread_replies"),
  ask("What is Dana's title and phone number in Slack?", "slack_get_user_profile"),
  ask("Who is in our workspace?", "slack_get_users"),
  ask("Schreib in #releases, dass Version 2.0 da ist.", "slack_post_message"),
  ask("Préviens l'équipe sur Slack que la base est revenue.", "slack_post_message"),
  ask("Ping everybody in the incidents channel that we have a fix.", "slack_post_message"),
];

const inJira: readonly ToolQuestion[] = [
  ask("What is the state of SHOP-214?", "jira_get_issue"),
  ask("Show all bugs in project SHOP that nobody has picked up.", "jira_search"),
  ask("Create a task in SHOP to renew the certificate, and give it to Farid.", "jira_create_issue"),
  ask("Move SHOP-214 to done.", "jira_transition_issue"),
  ask("Note on SHOP-214 that the customer confirmed the fix.", "jira_add_comment"),
  ask("Log two hours on SHOP-214 for yesterday.", "jira_add_worklog"),
  ask("Put SHOP-214 under the epic SHOP-200.", "jira_link_to_epic"),
  ask("What is left in the current sprint of the checkout board?", "jira_get_sprint_issues"),
  ask("Which boards does the SHOP project have?", "jira_get_agile_boards"),
  ask("Give SHOP-214 a higher priority.", "jira_update_issue"),
  ask("Get rid of SHOP-299, it was filed twice.", "jira_delete_issue"),
  ask("What does our Confluence say about on-call duties?", "confluence_search"),
  ask("Open the page 'Release checklist' in the space DEV.", "confluence_get_page"),
  ask("Write up today's incident as a new page in the space TEAM.", "confluence_create_page"),
  ask("Which sprints of board 1000 are planned?", "jira_get_sprints_from_board"),
  ask("Welche Tickets im Projekt SHOP sind noch offen?", "jira_search|list_issues|search_issues"),
  ask("Is there documentation on how to rotate our API keys?", "confluence_search"),
];

const inCalendars: readonly ToolQuestion[] = [
  ask("What do I have on Thursday?", "list_events"),
  ask("Set up a meeting with dana@acme.example tomorrow at ten, half an hour.", "create_event"),
  ask("Push the design review back by an hour.", "update_event"),
  ask("Cancel my 3 pm on Friday.", "delete_event"),
  ask("When are Dana and Farid both free next week?", "get_freebusy"),
  ask("Am I busy on Monday afternoon?", "get_freebusy|list_events"),
  ask("Schedule a weekly sync every Tuesday at nine.", "create_event"),
  ask("Which calendars do I have?", "list_calendars"),
  ask("Wann habe ich morgen Termine?", "list_events"),
];

const inFiles: readonly ToolQuestion[] = [
  ask("What does /srv/app/config.yaml say about timeouts?", "read_text_file|read_multiple_files"),
  ask("Show me the last 50 lines of /var/log/app.log.", "read_text_file"),
  ask("Compare notes/a.md with notes/b.md.", "read_multiple_files|read_text_file"),
  ask("Save this summary as /srv/reports/may.md.", "write_file"),
  ask("Replace localhost by db.internal in /srv/app/.env.", "edit_file"),
  ask("Make a folder /srv/reports/2026.", "create_directory"),
  ask("What is in /srv/app?", "list_directory|directory_tree"),
  ask("How is the project in /srv/app laid out, with everything below it?", "directory_tree"),
  ask("Rename /srv/reports/may.md to 2026-05.md.", "move_file"),
  ask("Find all SQL scripts below /srv.", "search_files"),
  ask("How big is /var/log/app.log, and when was it written last?", "get_file_info"),
  ask("Which folders may you look into?", "list_allowed_directories"),
  ask("What is on the picture /srv/img/plan.png?", "read_media_file"),
  ask("Lies mir die Datei notes/todo.txt vor.", "read_text_file"),
  ask("Lege einen Ordner für die Berichte an: /srv/berichte.", "create_directory"),
  ask("把 /srv/reports/may.md 重命名为 2026-05.md", "move_file"),
];

const inBrowsers: readonly ToolQuestion[] = [
  ask("Go to https://shop.example and log in as test@shop.example.", "browser_navigate", "browser_type|browser_fill_form"),
  ask("Press the blue button below the form.", "browser_click"),
  ask("What does the page look like right now? Make a picture of it.", "browser_take_screenshot"),
  ask("Fill in the registration form with made-up data.", "browser_fill_form|browser_type"),
  ask("Choose Norway in the country dropdown.", "browser_select_option"),
  ask("Does the page throw any JavaScript errors?", "browser_console_messages"),
  ask("Which calls does the shop's page make to the API while it loads?", "browser_network_requests"),
  ask("Wait until it says Payment received.", "browser_wait_for"),
  ask("Open another tab.", "browser_tabs"),
  ask("Read the text of the page that is open.", "browser_snapshot|browser_evaluate"),
];

const inData: readonly ToolQuestion[] = [
  ask("How many orders did we have in May?", "execute_sql"),
  ask("Which tables are in the schema sales?", "list_objects"),
  ask("What columns does sales.orders have?", "get_object_details"),
  ask("Why is this query slow: select * from sales.orders where total > 100?", "explain_query"),
  ask("Is the database in good shape? Any bloated indexes?", "analyze_db_health"),
  ask("Who are our ten best customers by revenue?", "execute_sql"),
  ask("Wie viele Kunden haben wir in Norwegen?", "execute_sql"),
  ask("How many errors did the API raise in the last hour, according to Sentry?", "search_events"),
  ask("Explain the Sentry problem CLOUDFLARE-MCP-41.", "get_issue_details"),
  ask("Will it rain in Oslo on Saturday?", "get_forecast"),
  ask("Do I need an umbrella tomorrow in Lisbon?", "get_forecast"),
  ask("What happened in the news about the Mars mission today?", "brave_web_search"),
  ask("Look up online how to reset a Zyxel router.", "brave_web_search"),
  ask("Mail the report to dana@acme.example.", "send_email"),
  ask("Did the supplier write back about the invoice?", "search_emails"),
  ask("Write to Farid that his order has shipped, farid@shop.example.", "send_email"),
  ask("Find the mail with the hotel booking.", "search_emails"),
];

const inSeveral: readonly ToolQuestion[] = [
  ask(
    "Open an issue in acme/api about the failing deploy and post the link in #incidents.",
    "create_issue",
    "slack_post_message",
  ),
  ask("Find the open bugs in SHOP and mail the list to dana@acme.example.", "jira_search", "send_email"),
  ask("Read /srv/reports/may.md and put it on Confluence in the space TEAM.", "read_text_file", "confluence_create_page"),
  ask("Check what the deploy workflow of acme/api failed on and note it on SHOP-214.", "get_job_logs", "jira_add_comment"),
  ask("Count last week's signups in the database and tell #growth.", "execute_sql", "slack_post_message"),
  ask(
    "Take a screenshot of https://shop.example and save the page's text to /srv/shop.txt.",
    "browser_take_screenshot",
    "write_file",
  ),
];

export const toolQuestions: readonly ToolQuestion[] = [
  ...onGithub,
  ...inSlack,
  ...inJira,
  ...inCalendars,
  ...inFiles,
  ...inBrowsers,
  ...inData,
  ...inSeveral,
];
