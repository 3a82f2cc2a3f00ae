// Words that say what a question wants of a table, in several languages.

const alternatives = (words: string): string[] => words.split("|");

/** Superlatives: they ask for one end of a scale. */
export const highestSuperlatives: ReadonlySet<string> = new Set(
  alternatives(
    "highest|largest|biggest|greatest|most|maximum|max|longest|oldest|heaviest|slowest|priciest|latest|newest|maximal|worst|best|peak|" +
      "höchste|höchsten|größte|größten|meisten|längste|teuerste|teuersten|neueste|neuesten|maximale|" +
      "maximum|mayor|máximo|máxima|maggiore|massimo|maior|hoogste|grootste|meeste|наибольший|наибольшая|максимальный|максимальная",
  ),
);
export const lowestSuperlatives: ReadonlySet<string> = new Set(
  alternatives(
    "lowest|smallest|least|fewest|minimum|min|shortest|youngest|lightest|fastest|cheapest|earliest|oldest|minimal|worst|best|" +
      "niedrigste|niedrigsten|kleinste|kleinsten|wenigsten|kürzeste|billigste|billigsten|günstigste|günstigsten|älteste|früheste|" +
      "minimum|menor|mínimo|minore|minimo|laagste|kleinste|minste|наименьший|минимальный|минимальная",
  ),
);

/** Asks for the upper end of a column, also by words that have other uses. */
export const highestWords: ReadonlySet<string> = new Set([
  ...highestSuperlatives,
  ...alternatives(
    "top|expensive|last|recent|letzte|letzten|plus|grand|grande|élevé|élevée|dernier|dernière|récent|récente|más|último|última|reciente|alto|" +
      "più|ultimo|mais|recente|laatste|самый|самая|самое|последний|больше",
  ),
]);

/** Asks for the lower end of a column. */
export const lowestWords: ReadonlySet<string> = new Set([
  ...lowestSuperlatives,
  ...alternatives(
    "bottom|first|erste|ersten|moins|petit|petite|bas|basse|premier|première|menos|primero|primera|barato|meno|primo|primeiro|eerste|первый|меньше",
  ),
]);

/** Parts of words for the same in scripts without blanks, or with endings. */
export const highestParts: readonly string[] = [
  "最高",
  "最大",
  "最多",
  "最长",
  "最長",
  "最新",
  "最贵",
  "最も",
  "一番",
  "가장",
  "최대",
  "최고",
  "самы",
  "najw",
  "en yüksek",
  "en büyük",
  "nejv",
  "legnagy",
  "högst",
  "størst",
  "наибол",
  "الأعلى",
  "أعلى",
  "أكبر",
  "الأكثر",
  "أكثر",
  "الأحدث",
  "सबसे",
];
export const lowestParts: readonly string[] = [
  "最低",
  "最小",
  "最少",
  "最短",
  "最早",
  "最旧",
  "最も",
  "一番",
  "최소",
  "최저",
  "가장",
  "наимен",
  "الأدنى",
  "أقل",
  "أصغر",
  "الأقدم",
  "सबसे",
];

/** Words that turn a condition round. */
export const negationWords: ReadonlySet<string> = new Set(
  alternatives(
    "not|neither|nor|except|excluding|without|other|isn|aren|wasn|weren|doesn|don|didn|never|besides|unlike|non|" +
      "nicht|kein|keine|keinen|weder|noch|außer|ohne|ne|pas|ni|sauf|sans|hormis|no|sin|excepto|salvo|não|nem|sem|exceto|non|né|senza|tranne|niet|geen|zonder|behalve|не|ни|кроме|без|" +
      "nie|bez|oprócz|ani|ne|není|inte|ikke|ei|nem|değil|olmayan|غير|ليس|ليست|بدون",
  ),
);

/** The same in scripts without blanks, or as a part of words. */
export const negationParts: readonly string[] =
  "不是|不在|没有|沒有|未|除了|以外|ではない|でない|しない|ない|아닌|아니|않은|않|제외|नहीं|לא|δεν".split("|");

/** Asks for a telling of the whole. */
export const overviewPattern =
  /\b(?:what (?:has )?happened|what(?:'s| is| was) (?:going on|this|it about)|summar(?:y|ise|ize)|overview|describe|explain|details?|was ist (?:hier )?(?:passiert|geschehen)|zusammenfass|beschreib|résum|décri|que s'est-il passé|qué (?:pasó|ocurrió|sucedió)|resum|describ|cosa è successo|riassum|o que aconteceu|wat is er gebeurd|samenvat|что (?:произошло|случилось)|опиши|обзор)|发生了什么|總結|总结|概述|何が起き|要約|무슨 일|요약|ماذا حدث|لخص/iu;

/** Kinds of column that a question word asks for. */
export const questionColumns: readonly { readonly word: RegExp; readonly kind: "time" | "number" | "text" }[] = [
  { word: /\b(?:when|wann|quand|cuándo|quando|wanneer|когда)\b|什么时候|何时|いつ|언제|متى/iu, kind: "time" },
  {
    word: /\b(?:latest|newest|oldest|earliest|recent|most recently|neueste\w*|älteste\w*|letzte\w*)\b|最新|最早/iu,
    kind: "time",
  },
];

/** Comparisons with a number, the number in the group `value`. */
export const comparisonPatterns: readonly { readonly pattern: RegExp; readonly operator: ">" | "<" | "=" }[] = [
  {
    operator: ">",
    pattern:
      /(?:>=?|≥|\b(?:more than|greater than|larger than|higher than|bigger than|longer than|older than|slower than|at least|above|over|exceed(?:s|ing|ed)?|from|after|since|mehr als|größer als|höher als|mindestens|über|plus de|supérieure?s? à|au moins|más de|mayor(?:es)? (?:que|de|a)|al menos|superior(?:es)? a|più di|almeno|mais de|pelo menos|meer dan|больше|более|выше|свыше|أكثر من|أكبر من)|超过|大于|高于|以上|より大きい|より多い|초과|이상)(?:\s*[$€£¥])?\s*(?<value>-?\d[\d,.]*)(?:\s?(?<unit>ms|s|sec|kb|mb|gb|kg|km|%)\b)?/giu,
  },
  {
    operator: "<",
    pattern:
      /(?:<=?|≤|\b(?:less than|fewer than|smaller than|lower than|cheaper than|shorter than|younger than|faster than|at most|below|under|up to|until|before|weniger als|kleiner als|niedriger als|höchstens|unter|moins de|inférieure?s? à|au plus|menos de|menor(?:es)? (?:que|de|a)|inferior(?:es)? a|como máximo|meno di|minder dan|меньше|менее|ниже|أقل من|أصغر من)|少于|小于|低于|以下|より小さい|より少ない|미만|이하)(?:\s*[$€£¥])?\s*(?<value>-?\d[\d,.]*)(?:\s?(?<unit>ms|s|sec|kb|mb|gb|kg|km|%)\b)?/giu,
  },
];

/** Both ends of a range of numbers, in the groups `low` and `high`. */
export const betweenPattern =
  /(?:\b(?:between|from|zwischen|von|entre|de|tra|fra|tussen|van|между|от)\s+(?:[$€£¥]\s*)?(?<low>-?\d[\d,.]*)\s*(?:and|to|und|bis|et|à|y|a|e|en|tot|и|до)|(?<![\d,.])(?<low>-?\d[\d,.]*)\s*(?:至|到|から|と))(?:\s*[$€£¥])?\s*(?<high>-?\d[\d,.]*)(?:\s?(?<unit>ms|s|sec|kb|mb|gb|kg|km|%)\b)?/giu;

/** Says that a value is not there, beside the words of negation. */
export const absenceWords: ReadonlySet<string> = new Set(
  alternatives(
    "null|missing|empty|blank|unset|lack|lacks|lacking|fehlt|fehlen|leer|manque|manquant|vide|falta|faltan|vacío|manca|vuoto|ontbreekt|leeg|нет|пусто",
  ),
);
