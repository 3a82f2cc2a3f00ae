import { expect, test } from "vitest";
import { languageNameOf, questionLanguageNames } from "./question-language.ts";

test.each([
  ["English", "What is the capital of France?"],
  ["German", "Was ist die Hauptstadt von Frankreich?"],
  ["Spanish", "¿Cuál es la capital de Francia?"],
  ["Russian", "Какой город является столицей Франции и когда он стал ею?"],
  ["Ukrainian", "Яке місто є столицею Франції і коли воно нею стало, і чому?"],
  ["Persian", "پایتخت فرانسه کدام شهر است و چرا؟"],
  ["Arabic", "ما هي عاصمة فرنسا؟"],
  ["Japanese", "フランスの首都はどこですか。"],
  ["Chinese", "法国的首都是哪里？"],
  ["Korean", "프랑스의 수도는 어디입니까?"],
  ["Greek", "Ποια είναι η πρωτεύουσα της Γαλλίας;"],
  ["Hindi", "फ्रांस की राजधानी क्या है?"],
  ["English", "42 + 7 = ?"],
  ["English", ""],
])("%s: %s", (language, question) => {
  expect(languageNameOf(question)).toBe(language);
  expect(questionLanguageNames).toContain(language);
});
