// Words of trouble, in several languages: values and lines with them are kept when nothing else speaks against it.

const alarmingPattern =
  /(?<![a-z0-9])(?:errors?|err|fail(?:ed|ures?|s|ing)?|fatal|critical|crit|exceptions?|traceback|panic(?:ked)?|crash[a-z]*|abort(?:ed)?|denied|refused|rejected|declined|time(?:d[ -]?)?-?out|oom[a-z]*|unhealthy|unreachable|exhausted|corrupt[a-z]*|fault|alert|emerg|severe|fehler[a-z]*|fehlgeschlagen|erreurs?|échoué|errores|fallo|falló|errore|erro|falha)(?![a-z])|échec|ошибк|сбой|критич|错误|失败|异常|錯誤|エラー|失敗|例外|오류|실패|خطأ|فشل/i;

export const isAlarming = (text: string): boolean => alarmingPattern.test(text);
