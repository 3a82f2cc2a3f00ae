// What kind of thing a question asks for, by its words of asking, and what an answer of that kind holds.

interface AskedKind {
  /** The words of asking; in the group `topic`, words that say what is asked about as well. */
  readonly question: RegExp;
  /** Words of fields that hold it. */
  readonly fields: string;
  /** What no answer is without; absent: anything may be an answer. */
  readonly evidence?: RegExp;
}

const numberWords = [
  "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred|thousand|million|dozen|half|twice|once|none",
  "eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|fünfzehn|zwanzig|dreißig|hundert|tausend|halbe[snr]?|zweimal|einmal",
  "deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|cent|mille|demi-?\\p{L}*",
  "dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|cien|mil|medi[ao]",
  "due|tre|quattro|cinque|sei|sette|otto|nove|dieci|venti|dois|duas|três|quatro|oito|dez|vinte",
  "од[ин]\\p{L}*|дв[аеу]\\p{L}*|тр[иёе]\\p{L}*|четыр\\p{L}*|пят\\p{L}*|шест\\p{L}*|сем[ьи]\\p{L}*|вос[ье]м\\p{L}*|девят\\p{L}*|десят\\p{L}*|сто|тысяч\\p{L}*|пол\\p{L}*",
  "एक|दो|तीन|चार|पाँच|पांच|छह|सात|आठ|नौ|दस|ग्यारह|बारह|सौ|आधा",
  "واحدة?|اثنان|ثلاثة?|أربعة?|خمسة?|ستة?|سبعة?|ثمانية?|تسعة?|عشرة?|مئة|ونصف|نصف|ساعتين|يومين|شهرين|سنتين",
  "אחד|אחת|שניים|שני|שתי|יומיים|שלושה?|ארבעה?|חמישה?|שישה?|שבעה?|עשרה?",
].join("|");
const timeWords = [
  "(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august|september|october|november|december",
  "today|tomorrow|yesterday|daily|weekly|monthly|yearly|annually|quarterly|immediately|noon|midnight|mornings?|evenings?|nights?",
  "(?:every|each) (?:day|week|month|year|hour|night|minute)",
  "(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|januar|februar|märz|mai|juni|juli|oktober|dezember|täglich|wöchentlich|monatlich|jährlich|sofort",
  "lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?|dimanches?|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre",
  "lunes|martes|miércoles|jueves|viernes|sábados?|domingos?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
  "понедельник\\p{L}*|вторник\\p{L}*|сред[уы]|четверг\\p{L}*|пятниц\\p{L}*|суббот\\p{L}*|воскресень\\p{L}*|ежедневно",
  "январ\\p{L}*|феврал\\p{L}*|март\\p{L}*|апрел\\p{L}*|ма[яе]|июн\\p{L}*|июл\\p{L}*|август\\p{L}*|сентябр\\p{L}*|октябр\\p{L}*|ноябр\\p{L}*|декабр\\p{L}*",
  "(?:सोम|मंगल|बुध|गुरु|शुक्र|शनि|रवि)वार|बजे|सुबह|शाम|रात|हर (?:दिन|हफ़्ते|महीने|साल)|रोज़",
  "الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد|كل (?:يوم|أسبوع|شهر|سنة)|يوميا|יום|בכל (?:יום|שבוע|חודש)",
].join("|");
const spacelessTimes =
  "[月年日时時]|星期|周[一二三四五六日末]|曜|前日|요일|매일|월|년|วัน(?:จันทร์|อังคาร|พุธ|พฤหัส|ศุกร์|เสาร์|อาทิตย์)|ปี|เดือน";
const whole = (words: string) => `(?<![\\p{L}\\p{M}])(?:${words})(?![\\p{L}\\p{M}])`;
const number = `\\p{N}|${whole(numberWords)}|[一二三四五六七八九十百千万两]|[하두세네]\\s|สอง|สาม`;

const kinds: readonly AskedKind[] = [
  {
    question: new RegExp(
      `${whole(
        "how (?:many(?: times)?|often|long|much(?: time)?|old|tall|far)|number of|count|wie (?:viele?|oft|lange?|hoch|groß|teuer|alt|weit)|combien(?: de temps)?|" +
          "cu[aá]nt[oa]s?(?: (?:veces|tiempo))?|quant[aeio]s?|hoeveel|kaç|сколько(?: времени)?|как долго|كم|कितन\\p{L}*|कितन\\p{M}|כמה",
      )}|多少[钱錢]?|多长时间|几[个位天年月度]|多久|いくつ|いくら|何[人名件日個回年月]|며칠|몇|얼마나?(?:인가요)?|เท่าไร|กี่`,
      "giu",
    ),
    fields: "count total number n quantity sum price cost amount",
    evidence: new RegExp(number, "iu"),
  },
  {
    question: new RegExp(
      `${whole(
        "when|(?:what|which) (?:year|date|day|month|time)|wann|welche[smn]? (?:jahr|tag|datum|monat)|quand|quelle (?:année|date|heure)|cu[aá]ndo|" +
          "qué (?:año|día|fecha|hora)|quando|wanneer|когда|(?:в )?каком году|какого часа|متى|कब|מתי",
      )}|什么时候|何时|哪[年天]|几[点號号月]|いつ(?:まで)?|何[年月日時曜]|언제|몇 (?:년|월|시)|เมื่อไ|วันไหน`,
      "giu",
    ),
    fields: "date time at created updated year",
    evidence: new RegExp(`${number}|${whole(timeWords)}|${spacelessTimes}`, "iu"),
  },
  {
    question: new RegExp(`(?<topic>${whole("costs?|prices?|kosten|kostet|preise?")})`, "giu"),
    fields: "price cost amount total sum",
  },
  { question: /(?<topic>\b(?:average|mean)\b)/gi, fields: "average avg mean" },
  {
    question: new RegExp(
      `${whole("who|wer|wie hei(?:ß|ss)en?t?|qui|quién(?:es)?|se llama|s.appelle|кто|как зовут|من هو|من|कौन")}|谁|誰|누가|누구(?:인가요)?`,
      "giu",
    ),
    fields: "name author owner user person",
  },
  {
    question: new RegExp(`${whole("where|wo|dónde|où|где|أين|कहाँ|कहां|איפה|היכן")}|哪里|どこ|어디(?:인가요)?`, "giu"),
    fields: "location address city country place path",
  },
];

export interface AskedFor {
  /** Words of fields that the question's form asks for: `how many` is answered by a count. */
  readonly fieldWords: readonly string[];
  /** The question without its words of asking. */
  readonly rest: string;
  /** Whether a text holds what the question's form asks for, such as a number or a day; true where it asks for no such thing. */
  isIn(text: string): boolean;
}

/** @returns what the words of asking say; a question may ask for several things. Linear in the question. */
export function askedFor(question: string): AskedFor {
  const asked = kinds.filter((kind) => question.search(kind.question) >= 0);
  const withoutAsking = (text: string, kind: AskedKind) =>
    text.replace(kind.question, (match, ...args) => ((args.at(-1) as { topic?: string } | undefined)?.topic ? match : " "));
  return {
    fieldWords: [...new Set(asked.flatMap(({ fields }) => fields.split(" ")))],
    rest: asked.reduce(withoutAsking, question),
    isIn: (text) => asked.every(({ evidence }) => evidence?.test(text) ?? true),
  };
}
