// By language: words that carry no topic, and words with which one asks about a conversation rather than about its topic.

import { englishFunctionWords } from "../words/function-words.ts";

export interface QuestionLanguage {
  readonly name: string;
  /** Words that carry no topic, lower case. English's are no terms at all, see word-terms.ts. */
  readonly functionWords: string;
  /** Words of asking: discuss, say, summarize, meeting. `*` stands for any ending. */
  readonly askingWords: string;
}

/** Told apart by their function words. */
export const latinLanguages: readonly QuestionLanguage[] = [
  {
    name: "English",
    functionWords: [...englishFunctionWords].join(" "),
    askingWords:
      "summar* discuss discusses discussed discussing discussion discussions describe describes described describing explain explains explained explaining mention mentions mentioned mentioning say says said saying think thinks thinking thought talk talks talked talking told tell ask asks asked asking question questions answer answers answered opinion opinions view views feel feels felt feeling believe believes believed agree agrees agreed agreeing disagree disagrees disagreed decide decides decided deciding decision decisions conclude concludes concluded conclusion conclusions meeting meetings conversation conversations chat chats group groups team teams people person persons comment comments commented introduce introduces introduced introducing present presents presented presenting presentation presentations main mainly reason reasons general generally",
  },
  {
    name: "Spanish",
    functionWords:
      "qué quién quiénes cuál cuáles cuándo dónde cómo cuánto cuánta cuántos cuántas por para con sin de del la el los las un una unos unas y o en al a que se su sus lo le les es son fue fueron era eran ha han había está están este esta estos estas ese esa como más sobre entre hay hace hacen hacer",
    askingWords:
      "resum* discut* habló hablar hablaron hablan dijo dijeron decir dice dicen explic* describ* opin* pensar piensa* pensó cree creen decid* decisi* acord* pregunt* respond* respuesta* reunión reuniones conversaci* grupo* equipo* persona* conclusi* concluy* mencion* razón razones principal* general*",
  },
  {
    name: "Portuguese",
    functionWords:
      "que quem qual quais quando onde como quanto quanta quantos quantas por para com sem de do da dos das o a os as um uma uns umas e ou em no na nos nas ao aos se seu sua seus suas é são foi foram era eram tem têm está estão este esta isso mais sobre entre há faz fazem fazer",
    askingWords:
      "resum* discut* falou falar falaram disse disseram dizer diz explic* descrev* descri* opini* pensa pensam pensar acha acham decid* decis* concord* pergunt* respond* resposta* reunião reuniões conversa* grupo* equipe* pessoa* conclus* conclu* mencion* razão razões principa* gera*",
  },
  {
    name: "French",
    functionWords:
      "que qui quoi quel quelle quels quelles quand où comment pourquoi combien est sont était étaient a ont avait le la les l un une des du de d et ou en dans sur pour par avec sans au aux ce cette ces cet son sa ses leur leurs il elle ils elles on se s qu ne pas plus y lors fait font faire",
    askingWords:
      "résum* discut* parlé parler parle dit disent dire expliqu* décri* opinion* avis pense* pensé* croi* décid* décision* accord demand* répond* répon* question* réunion* conversation* groupe* équipe* personne* conclu* mentionn* raison* principa* général*",
  },
  {
    name: "Italian",
    functionWords:
      "che chi quale quali quando dove come perché quanto quanta quanti quante è sono era erano ha hanno il lo la i gli le l un uno una e o di del della dei delle dello degli d in nel nella nei nelle su sul sulla per con senza da dal dalla a al alla si suo sua suoi loro questo questa questi più tra fra fa fanno fare",
    askingWords:
      "riassu* discuss* discut* parlat* parlare detto dice dicono dire spieg* descri* opinion* pensa* credo* decis* decid* accord* chied* chiest* rispo* domand* riunion* conversazion* gruppo gruppi squadra persone conclus* menzion* ragion* motiv* principal* general*",
  },
  {
    name: "German",
    functionWords:
      "was wer wem wen wessen wann wo wie warum wieso weshalb welche welcher welches welchen welchem wieviel viele der die das den dem des ein eine einen einem einer eines und oder ist sind war waren wird wurde wurden werden hat haben hatte hatten in im an am auf aus bei mit nach von vom vor zu zum zur für über um durch es sie er ihr ihre sich nicht auch dass als diese dieser dieses macht machen tut tun",
    askingWords:
      "zusammenfass* fasse zusammen diskut* diskussion* besprochen bespr* gesagt sagt* erklär* beschreib* meinung* meint* denk* dacht* glaub* entschied* entscheid* beschloss* einig* frag* gefragt antwort* sitzung* besprechung* gespräch* gruppe* team* person* leute fazit erwähn* grund gründe wichtigst* allgemein*",
  },
  {
    name: "Dutch",
    functionWords:
      "wat wie wiens wanneer waar hoe waarom welke welk hoeveel de het een en of is zijn was waren werd werden wordt heeft hebben had hadden in op aan bij met naar van voor tot uit door over te er ze zij hij hun zich niet ook dat als dit deze die doet doen",
    askingWords:
      "samenvat* vat samen besprok* bespr* gezegd zei zegt uitleg* uitgelegd beschrijf* mening* denk* dacht* vind* besl* besloten vraag* gevraagd antwoord* vergadering* gesprek* groep* team* mensen persoon conclu* genoemd noem* reden* belangrijkste algemeen*",
  },
  {
    name: "Polish",
    functionWords:
      "co kto kogo komu kiedy gdzie jak jaki jaka jakie jakich dlaczego czemu ile który która które których czy i a oraz lub w we na do z ze o od po za przy przez dla pod nad jest są był była było były się to ten ta te tego tej nie jego jej ich",
    askingWords:
      "podsum* omów* omaw* dyskut* dyskusj* mówi* powiedzi* wyjaśn* opisz* opis* opini* myśl* uważ* zdecyd* decyzj* zgodz* pyta* zapyta* odpowied* spotkani* rozmow* grup* zespół zespołu osób wnios* wspomn* powód powody główn* ogóln*",
  },
  {
    name: "Turkish",
    functionWords:
      "ne neyi neden niçin kim kimin kime kimi ne zaman nerede nereye nasıl hangi hangisi kaç kadar mi mı mu mü ve veya ile için bir bu şu o da de ki gibi hakkında üzerine olarak olan oldu olduğu olduğunu vardır var",
    askingWords:
      "özetle* tartış* konuş* söyle* dedi* açıkla* anlat* görüş* düşün* karar* soru* sordu* cevap* yanıt* toplantı* sohbet* grup* ekip* kişi* sonuç* bahset* sebep* ana genel*",
  },
  {
    name: "Vietnamese",
    functionWords:
      "gì ai nào đâu khi sao bao nhiêu mấy thế là của và hoặc ở tại trong trên cho với về từ đến được bị đã đang sẽ có không các những một này đó như mà thì do bởi",
    askingWords:
      "tóm tắt thảo luận nói giải thích mô tả ý kiến nghĩ quyết định đồng hỏi trả lời cuộc họp nhóm người kết luận lý do chính",
  },
  {
    name: "Indonesian",
    functionWords:
      "apa siapa kapan dimana mana bagaimana mengapa kenapa berapa yang dan atau di ke dari untuk dengan pada oleh dalam ini itu adalah ialah akan telah sudah tidak ada para sebagai tentang antara",
    askingWords:
      "rangkum* ringkas* bahas dibahas membahas diskusi* bicara* kata katakan mengatakan jelaskan menjelaskan pendapat pikir* putus* keputusan setuju tanya* bertanya jawab* rapat percakapan kelompok tim orang kesimpulan alasan utama umum",
  },
];

/** Told by their script: all of a script's together. */
export const otherLanguages: readonly QuestionLanguage[] = [
  {
    name: "Russian",
    functionWords:
      "что кто кого кому чем чём когда где куда как какой какая какое какие каких почему зачем сколько который которая которые которых чей и а или но в во на с со к о об от до по из за у для при под над не ни ли был была было были есть быть это этот эта эти того его её ее их он она они там же бы делает делают делать",
    askingWords:
      "обсу* обобщ* суммир* резюм* подыт* говор* сказа* объясн* опиш* опис* мнени* дума* счита* реши* решен* соглас* спрос* спраш* вопрос* ответ* встреч* совещани* собрани* разговор* групп* команд* люд* человек* вывод* упомя* упомин* причин* главн* основн* общ*",
  },
  {
    name: "Ukrainian",
    functionWords:
      "що хто кого кому коли де куди як який яка яке які яких чому навіщо скільки чий і й а або але в у на з із зі до про від по за для при під над не ні чи був була було були є це цей ця ці того його її їх він вона вони",
    askingWords:
      "обгов* підсум* каза* сказа* поясн* опиш* дума* виріш* рішенн* запит* питан* відпов* зустріч* нарад* розмов* груп* команд* виснов* причин* головн*",
  },
  {
    name: "Greek",
    functionWords:
      "τι ποιος ποια ποιο ποιοι ποιες ποιον πότε που πού πώς πως γιατί πόσο πόσα πόσες ο η το οι τα του της των τον την ένα μια ένας και ή σε στο στη στην στον στα από με για είναι ήταν έχει έχουν να δεν ότι αυτό αυτή",
    askingWords:
      "συζητ* συζήτ* περίληψ* σύνοψ* είπε είπαν λέει εξήγη* εξηγ* περιγρά* γνώμη σκέφτ* αποφά* απόφασ* συμφών* ρώτη* ερώτησ* απάντ* συνάντη* σύσκεψ* ομάδα* ομάδας συμπέρασμα λόγος κύρι* γενικ*",
  },
  {
    name: "Hebrew",
    functionWords:
      "מה מי מתי איפה היכן איך כיצד למה מדוע כמה איזה איזו אילו של את על עם אל מן מ ב ל ה ו או גם לא כי אם היה היתה הייתה היו הוא היא הם הן זה זו זאת אלה יש אין אשר בין לפי",
    askingWords:
      "סכם סכמו תקציר סיכום דנו דן דנה דיון אמר אמרה אמרו הסביר הסבירה הסבר תאר דעה דעת דעתו חשב חשבה החליט החליטו החלטה הסכימו הסכים שאל שאלה שאלו ענה ענתה תשובה פגישה הפגישה ישיבה הישיבה שיחה השיחה קבוצה הקבוצה צוות הצוות אנשים מסקנה סיבה הסיבה עיקרי העיקרית",
  },
  {
    name: "Arabic",
    functionWords:
      "ما ماذا من متى أين كيف لماذا لم كم أي أية هل في على إلى عن مع و أو ثم أن إن هو هي هم هذا هذه ذلك تلك التي الذي الذين كان كانت كانوا قد لقد لا لن كل بين بعد قبل عند حول له لها لهم به بها فيه فيها تم",
    askingWords:
      "لخص ملخص تلخيص ناقش* نوقش* مناقش* نقاش النقاش بحث قال قالت قالوا يقول شرح يشرح اشرح وصف صف رأي آراء يعتقد اعتقد ظن فكر قرر* قرار القرار اتفق* وافق سأل* سؤال أجاب* جواب إجابة اجتماع الاجتماع محادثة المحادثة مجموعة المجموعة فريق الفريق الأشخاص استنتاج خلاصة ذكر ذكرت سبب السبب أسباب الرئيسي* عام",
  },
  {
    name: "Persian",
    functionWords:
      "درباره دربارهٔ چه چی چیست کی چه‌کسی کجا چگونه چطور چرا چند چقدر کدام آیا و یا در به از با برای که را این آن بر تا است بود بودند شد شده می هم نیز یک",
    askingWords:
      "خلاصه بحث گفت گفتند گفته توضیح نظر فکر تصمیم* توافق پرسید سوال سؤال پاسخ جلسه گفتگو گروه تیم افراد نتیجه دلیل اصلی",
  },
  {
    name: "Hindi",
    functionWords:
      "क्या कौन किस किसने किसका किसको कब कहाँ कहां कैसे क्यों कितना कितने कितनी का की के को में से पर और या है हैं था थे थी हुआ हुई हुए यह वह ये वे इस उस ने भी नहीं तक लिए साथ बारे एक हो गया गई",
    askingWords:
      "चर्चा सारांश संक्षेप बताया बताओ बताइए कहा कहना समझाया वर्णन राय विचार सोचा निर्णय फैसला सहमत पूछा सवाल प्रश्न जवाब उत्तर बैठक बातचीत समूह टीम लोग लोगों निष्कर्ष कारण मुख्य",
  },
  {
    name: "Korean",
    functionWords:
      "무엇 무엇을 무엇이 무엇인가 무엇인가요 무엇입니까 뭐 누가 누구 누구를 누구인가요 언제 어디 어디서 어디에 어떻게 왜 어떤 어느 몇 얼마 얼마나 그 이 저 및 또는 그리고 있는 있나요 있었나요 했나요 합니까 했습니까 하는 것은 것을 대해 대한 관해 관한 위해 위한 때 수",
    askingWords:
      "논의* 토론* 말한 말했* 말했나요 설명* 요약* 의견* 생각* 결정* 동의* 반대* 질문* 대답* 답변* 회의* 그룹* 팀* 대화* 사람* 결론* 언급* 이유* 주요*",
  },
];

/** Of scripts without spaces: parts of the question's text, and not words of it. */
export const spacelessLanguages: readonly QuestionLanguage[] = [
  {
    name: "Chinese",
    functionWords:
      "什么 什麼 甚么 怎么 怎麼 怎样 怎樣 如何 为什么 為什麼 为何 為何 哪些 哪个 哪個 哪里 哪裡 哪儿 哪年 哪位 何时 何時 何地 谁 誰 多少 是否 关于 關於 对于 對於 这个 這個 那个 那個 这些 這些 那些 他们 他們 她们 我们 我們 你们 你們 一个 一個 请问 請問 做出 作出 的 了 吗 嗎 呢 是 在 与 與 被",
    askingWords:
      "讨论 討論 谈论 談論 谈到 談到 提到 说了 說了 说过 說過 认为 認為 觉得 覺得 看法 意见 意見 观点 觀點 总结 總結 概括 概述 介绍 介紹 解释 解釋 描述 决定 決定 同意 反对 反對 回答 问了 問了 会议 會議 小组 小組 团队 團隊 大家 对话 對話 结论 結論 原因 主要",
  },
  {
    name: "Japanese",
    functionWords:
      "何ですか 何でしたか 何が 何を 何に 何か 誰が 誰を 誰に 誰の 誰 どこ いつ なぜ どうして どのように どうやって どのような どの どれ どんな どう いくつ いくら について に関して に関する に対して ですか ますか でしたか ましたか です ます でした ました という この その あの これ それ",
    askingWords:
      "議論 話し合 話した 話し 説明 要約 まとめ 意見 述べ 言った 言い 言って 考え 思っ 決め 決定 賛成 反対 質問 答え 会議 会話 グループ チーム 結論 理由 主な",
  },
  {
    name: "Thai",
    functionWords:
      "อะไร ใคร ที่ไหน เมื่อไหร่ เมื่อไร เมื่อใด ทำไม อย่างไร ยังไง เท่าไหร่ เท่าไร เท่าใด คืออะไร เกี่ยวกับ ที่ ของ และ หรือ ใน จาก ให้ ได้ ว่า เป็น คือ",
    askingWords:
      "อภิปราย พูดคุย พูด สรุป อธิบาย ความเห็น ความคิดเห็น คิด ตัดสินใจ เห็นด้วย คำถาม ถาม คำตอบ ตอบ ที่ประชุม การประชุม ประชุม กลุ่ม ทีม สนทนา เหตุผล หลัก",
  },
];
