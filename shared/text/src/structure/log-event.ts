// Whether a line of a log begins an event: by a time at its beginning, or the name of a level.

const timed =
  /^[^\p{L}\n]{0,3}(?:\d{4}[-/]\d\d[-/]\d\d|\d\d:\d\d:\d\d|\d{1,3}(?:\.\d{1,3}){3}\s|\p{L}{3} +\d{1,2} \d\d:\d\d|\d{10,13}\b|\d\d\/\w{3}\/\d{4}|\d{6} \d{6}|[IWEF]\d{4} \d\d:\d\d)/u;
const level = /^.{0,80}?\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL|SEVERE)\b/;

export const isTimed = (head: string): boolean => timed.test(head);
export const hasLevel = (head: string): boolean => level.test(head);
export const isEvent = (head: string): boolean => timed.test(head) || (/^\S/.test(head) && level.test(head));
