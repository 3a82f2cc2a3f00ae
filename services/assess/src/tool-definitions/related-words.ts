// Words that people use for what tools do and work on: a question seldom has the words of a tool's description. English, like
// nearly all descriptions of tools; a question in another language than its tools decides nothing.
import { stemsOf } from "@nocp/text/words/word-terms.ts";

/** Words of one group often mean the same tools; the first ones are those of tools' names. */
const groups: readonly string[] = [
  "create add new make open start file insert register raise set up build generate write draft",
  "get read show view fetch retrieve display see open look print tell say what load download details describe",
  "list all which show enumerate browse overview available every",
  "search find query look locate discover where which anybody anyone somebody lookup",
  "update edit change modify set rename fix adjust correct replace bump label tag assign push give move reschedule postpone extend raise lower",
  "delete remove cancel drop erase clear discard rid trash purge close decline revoke unsubscribe",
  "send post write tell notify message inform mail say publish announce share ping let know reply answer warn remind",
  "move rename transfer relocate shift put transition",
  "transition status state done resolve resolved finish finished close progress complete reopen",
  "issue ticket bug task story problem defect fault report reported incident",
  "comment note remark reply annotate say tell mention feedback",
  "pull request pr merge merged",
  "merge squash rebase",
  "review reviewer approve approval reject",
  "diff changes changed difference patch line lines",
  "file document contents text readme script config log",
  "directory folder dir path tree layout structure",
  "repository repo project codebase",
  "commit committed revision sha version history",
  "branch fork ref",
  "release version released tag changelog",
  "workflow run build ci pipeline deploy deployment job action actions checks failed rerun retry again",
  "alert finding vulnerability security scanning vulnerabilities",
  "notification mention unread inbox activity",
  "user member person people who account profile name team colleague employee",
  "channel room group conversation",
  "message chat thread said announcement discussion post",
  "reaction emoji thumbs like",
  "event meeting appointment calendar schedule invite invitation sync call session today tomorrow monday tuesday wednesday thursday friday saturday sunday am pm week agenda busy free",
  "free busy available availability slot when",
  "page article document wiki documentation docs write knowledge space",
  "worklog hours time logged spent log",
  "sprint board backlog iteration scrum kanban planned",
  "epic parent child link under",
  "email mail inbox wrote letter recipient subject attachment",
  "weather forecast rain snow sunny umbrella temperature wind storm cold warm hot",
  "web internet online news search google site article happened",
  "url website page browser navigate go visit open link",
  "click press button tap",
  "type enter fill input form field text log login sign",
  "select choose pick option dropdown",
  "screenshot picture image photo capture snapshot look",
  "media image picture audio photo video sound",
  "console error errors javascript exception warning",
  "network requests calls traffic api",
  "wait until appear appears",
  "tab window",
  "sql database table query rows many count total sum average revenue customers orders users data number records statistics top best most",
  "schema table column columns object view",
  "explain plan slow performance query",
  "health index bloated vacuum connection replication shape",
  "errors exception crash stacktrace event count many",
  "metadata size info modified created big large permissions",
  "allowed permitted may access",
  "customer client contact buyer lead company",
  "payment charge invoice refund subscription price bill billing pay paid",
  "order product item cart stock inventory purchase",
  "translate translation language",
  "convert conversion calculate compute currency exchange",
  "map route directions distance location place address near where",
  "flight hotel booking reservation trip travel book",
  "remember memory save store note",
  "command shell terminal run execute script program",
  "test tests testing check verify",
  "container pod cluster node deployment service kubernetes docker restart scale",
  "metric dashboard graph monitor monitoring latency usage",
  "summarize summary overview",
  "download upload attach attachment",
];

const groupsOfStem = new Map<string, number[]>();
const stemsOfGroup = groups.map((group, at) => {
  const stems = new Set(stemsOf(group));
  for (const stem of stems) groupsOfStem.set(stem, [...(groupsOfStem.get(stem) ?? []), at]);
  return [...stems];
});

/** Stems that stand with this one in a group, itself left out. */
export const relatedStems = (stem: string): ReadonlySet<string> => {
  const related = new Set((groupsOfStem.get(stem) ?? []).flatMap((group) => stemsOfGroup[group] ?? []));
  related.delete(stem);
  return related;
};
