// Function words of English: they carry no topic, and short questions are full of them. Those of other languages are with their questions.

export const englishFunctionWords: ReadonlySet<string> = new Set(
  (
    "a an the of in on at to for and or but nor so as is are was were be been being am do does did done have has had having it its this that these " +
    "those there here with by from into onto about than then i you he she we they me him her us them my your his our their mine who whom whose " +
    "what when where which why how can could will would shall should may might must not no s t d ll re ve m if because while during also just " +
    "please tell give"
  ).split(" "),
);

/** Those, and words of requests and quantities: they say little of what is asked, but a text or a key may be about them. */
export const englishWeakWords: ReadonlySet<string> = new Set([
  ...englishFunctionWords,
  ..."show find list get return according given many much any some such only yes per via up out over".split(" "),
]);
