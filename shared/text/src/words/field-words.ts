// Words that name fields, in several languages: a question seldom uses the column's own word.
import { isPaired } from "./scripts.ts";

const groups: readonly string[] = [
  "user customer client buyer member account person people kunde kundin kunden benutzer nutzer client utilisateur usuario cliente utente пользователь клиент 用户 用戶 客户 顧客 ユーザー 사용자 고객 عميل مستخدم",
  "price cost amount total value sum fee charge payment preis kosten betrag summe prix montant coût precio importe monto costo coste prezzo importo preço valor цена стоимость сумма 价格 金额 金額 价钱 値段 価格 가격 금액 سعر مبلغ",
  "quantity qty count number amount stock units anzahl menge bestand quantité nombre cantidad existencias quantità quantidade количество 数量 库存 在庫 수량 كمية",
  "zip postcode postal plz postleitzahl cep 邮编 郵便番号",
  "phone telephone mobile tel telefon téléphone teléfono telefono телефон 电话 電話 전화 هاتف",
  "mail email",
  "date time timestamp day created at on datum zeit zeitpunkt date heure fecha hora data дата время 日期 时间 時刻 日付 날짜 시간 تاريخ وقت",
  "name title label login username bezeichnung titel nom titre nombre título nome имя название 名称 名字 姓名 名前 氏名 이름 اسم",
  "city town location place stadt ort ville lieu ciudad lugar città cidade город место 城市 都市 도시 مدينة",
  "country nation land pays país paese страна 国家 国 국가 بلد دولة",
  "state status phase condition stage zustand état estado stato статус состояние 状态 狀態 状態 상태 حالة",
  "error failure exception fault failed fehler erreur échec error fallo errore erro ошибка сбой 错误 エラー 오류 خطأ",
  "author owner creator committer writer maintainer reporter autor verfasser besitzer auteur propriétaire propietario autore proprietario автор владелец 作者 所有者 작성자 مؤلف",
  "description summary text body message content comment beschreibung nachricht inhalt contenu descripción mensaje contenido descrizione описание сообщение 描述 内容 说明 説明 설명 وصف",
  "duration latency elapsed time took ms seconds dauer durée duración durata длительность 时长 耗时 所要時間",
  "order purchase bestellung auftrag commande pedido ordine encomenda заказ 订单 訂單 注文 주문 طلب",
  "product item article goods sku produkt artikel ware produit producto artículo prodotto produto продукт товар 产品 商品 제품 منتج",
  "type kind category class sort art typ kategorie catégorie tipo categoría categoria тип категория 类型 类别 種類 종류 نوع",
  "address street adresse anschrift strasse straße dirección calle indirizzo endereço адрес 地址 住所 주소 عنوان",
  "temperature temp temperatur température temperatura температура 温度 온도",
  "salary wage pay paid earn earns income verdient gana gagne gehalt lohn salaire salario stipendio зарплата 工资 薪资 給与 급여 راتب",
  "department division team abteilung département departamento dipartimento отдел 部门 部門 부서 قسم",
  "age alter âge edad età idade возраст 年龄 年齢 나이 عمر",
  "company firm organization organisation employer firma unternehmen entreprise empresa azienda компания 公司 会社 회사 شركة",
  "language sprache langue idioma lingua язык 语言 言語 언어",
  "weight gewicht poids peso вес 重量 무게",
  "version release revision tag",
  "license licence lizenz",
  "ip address host server node machine",
  "id identifier number key code nummer nr numéro número codice номер 编号 番号 번호 رقم",
  "url link href address website",
  "max maximum most limit largest highest upper",
  "min minimum least lowest smallest lower",
  "image picture photo",
  "size length bytes größe taille tamaño размер 大小 サイズ 크기",
  "employee staff worker mitarbeiter angestellte employé empleado dipendente сотрудник 员工 員工 社員 직원 موظف",
  "rating score stars grade bewertung note puntuación оценка рейтинг 评分 評価",
  "invoice bill rechnung facture factura fattura счет 发票 請求書",
  "supplier vendor seller lieferant fournisseur proveedor поставщик 供应商",
  "shipped sent delivered delivery shipping address lieferung versand livraison envío",
];

const groupsOfWord = new Map<string, number[]>();
for (const [index, group] of groups.entries())
  for (const word of group.split(" ")) groupsOfWord.set(word, [...(groupsOfWord.get(word) ?? []), index]);

/** Groups that a lower-case word, or its singular, is in: words of one group often name the same kind of field. */
export const synonymGroupsOf = (word: string): readonly number[] | undefined =>
  groupsOfWord.get(word) ?? (word.endsWith("s") ? groupsOfWord.get(word.slice(0, -1)) : undefined);

/** Words of the lists above that stand inside a question of a paired script, e.g. 价格 in 最高价格是多少. */
export const pairedFieldWords: readonly string[] = [...groupsOfWord.keys()].filter(isPaired);

/** Last words of keys whose values a row is called by: ids, numbers, keys. */
export const labelWords: ReadonlySet<string> = new Set("id no nr number code key sku номер رقم 编号 番号 번호".split(" "));
/** Last words of keys whose values are names for machines. */
export const identifierWords: ReadonlySet<string> = new Set([
  ...labelWords,
  ..."ids uid guid uuid zip postcode phone sha hash etag pid version".split(" "),
]);
/** Last words of keys whose values are names for people. */
export const nameWords: ReadonlySet<string> = new Set(
  "name title login username subject label имя название nombre nom nome 名称 名前 氏名 이름".split(" "),
);
