// Words of trouble, in several languages: values and lines with them are kept when nothing else speaks against it.

const alarmingPattern =
  /(?<![a-z0-9])(?:errors?|err|fail(?:ed|ures?|s|ing)?|fatal|critical|crit|exceptions?|traceback|panic(?:ked)?|crash[a-z]*|abort(?:ed)?|denied|refused|rejected|declined|time(?:d[ -]?)?-?out|oom[a-z]*|unhealthy|unreachable|exhausted|corrupt[a-z]*|fault|alert|emerg|severe|fehler[a-z]*|fehlgeschlagen|erreurs?|échoué|errores|fallo|falló|errore|erro|falha)(?![a-z])|échec|ошибк|сбой|критич|错误|失败|异常|錯誤|エラー|失敗|例外|오류|실패|خطأ|فشل/i;

export const isAlarming = (text: string): boolean => alarmingPattern.test(text);

const failureQuestion =
  /\b(?:wrong|broke|broken|breaks?|problems?|issues?|bugs?|cause[ds]?|reason|fix|red|pass(?:ed)?|why did|falsch|kaputt|warum|problème|pourquoi|falla|por qué|problema)\b|为什么|原因|问题|なぜ|原因|問題|왜|почему|причин/i;

/** Whether a question is about what went wrong. */
export const asksForFailure = (query: string): boolean => isAlarming(query) || failureQuestion.test(query);
