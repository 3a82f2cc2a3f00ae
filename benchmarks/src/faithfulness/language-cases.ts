// The same parts under every heading, in languages of other scripts: only the heading tells what a part is.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

interface Language {
  readonly headings: readonly string[];
  readonly nouns: readonly string[];
  readonly qualities: readonly string[];
  /** `{noun}` and `{quality}`. */
  readonly part: string;
  /** `{part}` and `{other}`; they tell nothing. */
  readonly filler: readonly string[];
  /** `{part}` */
  readonly question: string;
}

const words = (text: string): string[] => text.split("|");

const languages: Readonly<Record<string, Language>> = {
  English: {
    headings: words("Included|Sold separately|Discontinued"),
    nouns: words("cover|handle|hinge|cable|filter|lamp|valve|spring|frame|screw"),
    qualities: words("red|short|heavy|round"),
    part: "{quality} {noun}",
    filler: [
      "The workshop opened in the morning.",
      "Visitors looked at the garden and went on.",
      "It rained for most of the week.",
    ],
    question: "Is the {part} included?",
  },
  Chinese: {
    headings: words("标准配件|单独出售|已经停产"),
    nouns: words("盖板|把手|铰链|电缆|滤网|灯泡|阀门|弹簧|框架|螺丝"),
    qualities: words("红色|短型|重型|圆形"),
    part: "{quality}{noun}",
    filler: ["工厂早上开门。", "客人看了花园就走了。", "这个星期一直下雨。"],
    question: "{part}属于哪一类？",
  },
  Korean: {
    headings: words("기본 구성품|별도 판매|단종 품목"),
    nouns: words("덮개|손잡이|경첩|케이블|여과기|전등|밸브|용수철|골조|나사"),
    qualities: words("빨간|짧은|무거운|둥근"),
    part: "{quality} {noun}",
    filler: ["작업장은 아침에 문을 열었습니다.", "방문객들은 정원을 보고 돌아갔습니다.", "이번 주에는 비가 많이 왔습니다."],
    question: "{part}는 기본으로 제공되나요?",
  },
  Thai: {
    headings: words("รวมอยู่ในชุด|จำหน่ายแยก|เลิกผลิตแล้ว"),
    nouns: words("ฝาครอบ|มือจับ|บานพับ|สายไฟ|ไส้กรอง|หลอดไฟ|วาล์ว|สปริง|โครงเหล็ก|ตะปู"),
    qualities: words("สีแดง|แบบสั้น|หนักมาก|ทรงกลม"),
    part: "{noun}{quality}",
    filler: ["โรงงานเปิดตอนเช้า", "ผู้มาเยือนชมสวนแล้วเดินทางต่อ", "ฝนตกเกือบทั้งสัปดาห์"],
    question: "{part}อยู่ในหมวดใด",
  },
  Arabic: {
    headings: words("مشمول في السعر|يباع منفصلا|توقف إنتاجه"),
    nouns: words("غطاء|مقبض|مفصل|سلك|مرشح|مصباح|صمام|نابض|إطار|برغي"),
    qualities: words("أحمر|قصير|ثقيل|دائري"),
    part: "{noun} {quality}",
    filler: ["فتحت الورشة في الصباح.", "نظر الزوار إلى الحديقة ثم ذهبوا.", "هطل المطر معظم الأسبوع."],
    question: "هل يشمل السعر {part}؟",
  },
  Hebrew: {
    headings: words("כלול במחיר|נמכר בנפרד|הייצור הופסק"),
    nouns: words("מכסה|ידית|ציר|כבל|מסנן|מנורה|שסתום|קפיץ|מסגרת|בורג"),
    qualities: words("אדום|קצר|כבד|עגול"),
    part: "{noun} {quality}",
    filler: ["הסדנה נפתחה בשעות הבוקר.", "המבקרים הביטו בגינה והמשיכו.", "ירד גשם רוב השבוע."],
    question: "האם {part} כלול במחיר?",
  },
  Hindi: {
    headings: words("मूल्य में शामिल|अलग से बिक्री|उत्पादन बंद"),
    nouns: words("ढक्कन|हत्था|कब्ज़ा|तार|छन्नी|बल्ब|वाल्व|स्प्रिंग|चौखट|पेंच"),
    qualities: words("लाल|छोटा|भारी|गोल"),
    part: "{quality} {noun}",
    filler: ["कारखाना सुबह खुला।", "मेहमानों ने बगीचा देखा और चले गए।", "पूरे सप्ताह बारिश होती रही।"],
    question: "क्या {part} मूल्य में शामिल है?",
  },
};

function caseOf({ headings, nouns, qualities, part, filler, question }: Language, drawn: Words): FaithfulnessCase {
  const parts = nouns.flatMap((noun) => qualities.map((quality) => part.replace("{noun}", noun).replace("{quality}", quality)));
  const chosen = drawn.below(parts.length);
  const chatter = (): string => times(30, () => filler[drawn.below(filler.length)]).join(" ");
  const sections = headings.map((heading, at) => {
    const own = parts.filter((_, number) => number % headings.length === at);
    return `## ${heading}\n\n${chatter()}\n\n${own.map((name) => `- ${name}`).join("\n")}\n\n${chatter()}\n`;
  });
  return {
    query: question.replace("{part}", parts[chosen] as string),
    name: "parts.md",
    text: sections.join("\n"),
    gold: { line: `- ${parts[chosen]}`, parent: headings[chosen % headings.length] as string, siblings: /^## / },
  };
}

export const languageCases: Readonly<Record<string, Make>> = Object.fromEntries(
  Object.entries(languages).map(([name, language]): [string, Make] => [name, (drawn) => caseOf(language, drawn)]),
);
