// What businesses, laboratories and libraries exchange: messages, statements, catalogues, games, maps and captures.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const exchangeCases: Readonly<Record<string, Make>> = {
  "games of chess": (words) =>
    records(words, 28, {
      name: "games.pgn",
      query: (value) => `Who played White in the game with the note about table ${value}?`,
      record: (name, value, at) =>
        `[Event "Open"]\n[Site "${capitalised(words.word())}"]\n[Date "2026.03.${two(at + 1)}"]\n[White "${capitalised(name)}, A"]\n[Black "${capitalised(words.word())}, B"]\n[Result "1-0"]\n\n1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6 5. O-O Be7\n{played at table ${value}} 6. Re1 b5 7. Bb3 d6 8. c3 O-O\n9. h3 Na5 1-0\n\n`,
      line: (value) => `table ${value}`,
      parent: (name) => `${capitalised(name)}, A`,
      siblings: /^\[White/,
    }),
  "placemarks of KML": (words) =>
    records(words, 36, {
      name: "places.kml",
      query: (value) => `Which place is at a height of ${value} m?`,
      before: '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n',
      record: (name, value, at) =>
        `  <Placemark>\n    <name>${capitalised(name)}</name>\n    <description>${words.sentence()}</description>\n    <styleUrl>#icon-${at}</styleUrl>\n    <ExtendedData><Data name="height"><value>${value} m</value></Data></ExtendedData>\n    <Point>\n      <coordinates>13.${at}1,52.${at}4,0</coordinates>\n    </Point>\n  </Placemark>\n`,
      after: "</Document>\n</kml>\n",
      line: (value) => `${value} m`,
      parent: (name) => capitalised(name),
      siblings: /<name>|name: /,
    }),
  "features of GenBank": (words) =>
    records(words, 30, {
      name: "genome.gb",
      query: (value) => `Which gene has the protein_id AB${value}.1?`,
      before:
        "LOCUS       SHOP01              90000 bp    DNA     circular BCT 02-MAR-2026\nDEFINITION  Example strain, complete genome.\nACCESSION   SHOP01\nFEATURES             Location/Qualifiers\n",
      record: (name, value, at) =>
        `     gene            ${at * 900 + 1}..${at * 900 + 700}\n                     /gene="${name}A"\n                     /locus_tag="SHOP_0${at}"\n     CDS             ${at * 900 + 1}..${at * 900 + 700}\n                     /codon_start=1\n                     /product="${words.word()} ${words.word()}"\n                     /protein_id="AB${value}.1"\n                     /translation="MKT${words.word().toUpperCase()}LLAV"\n`,
      line: (value) => `AB${value}.1`,
      parent: (name) => `"${name}A"`,
      siblings: /\/gene=/,
    }),
  "messages of HL7": (words) =>
    records(words, 36, {
      name: "results.hl7",
      query: (value) => `Which patient has a glucose of ${value}?`,
      record: (name, value, at) =>
        `MSH|^~\\&|LAB|HOSP|EHR|HOSP|202603021000${two(at)}||ORU^R01|M${at}|P|2.5\nPID|1||9${at}^^^HOSP||${name.toUpperCase()}^ANNA||19700101|F\nOBR|1|||CHEM^Chemistry\nOBX|1|NM|NA^Sodium||${130 + (at % 9)}|mmol/L|135-145|N\nOBX|2|NM|GLU^Glucose||${value}|mg/L|700-1100|H\nNTE|1||${words.sentence()}\n`,
      line: (value) => `||${value}|`,
      parent: (name) => `${name.toUpperCase()}^ANNA`,
      siblings: /^PID/,
    }),
  "orders of EDI": (words) =>
    records(words, 32, {
      name: "orders.x12",
      query: (value) => `Which customer ordered ${value} pieces?`,
      before:
        "ISA*00*          *00*          *ZZ*SHOP*ZZ*MILL*260302*1000*U*00401*1*0*P*>~\nGS*PO*SHOP*MILL*20260302*1000*1*X*004010~\n",
      record: (name, value, at) =>
        `ST*850*00${two(at)}~\nBEG*00*NE*P${900 + at}**20260302~\nN1*BY*${capitalised(name)} LTD*92*${at}~\n${times(1 + words.below(3), (own) => `PO1*${own + 1}*${own + 2}*EA*1.50**VP*${words.word()}~\n`).join("")}PO1*9*${value}*EA*2.50**VP*${words.word()}~\nCTT*4~\nSE*7*00${two(at)}~\n`,
      after: "GE*32*1~\nIEA*1*1~\n",
      line: (value) => `*${value}*EA`,
      parent: (name) => `${capitalised(name)} LTD`,
      siblings: /^N1/,
    }),
  "catalogue records of MARC": (words) =>
    records(words, 32, {
      name: "catalogue.mrk",
      query: (value) => `Which book has ${value} pages?`,
      record: (name, value, at) =>
        `=LDR  01234cam a2200289 a 4500\n=001  ocm${90000 + at * 13}\n=008  260302s2026\\\\\\\\xxu\\\\\\\\\\\\000\\0\\eng\\d\n=100  1\\$a${capitalised(words.word())}, Anna\n=245  10$aThe ${name} /$cAnna ${capitalised(words.word())}.\n=260  \\\\$aLondon :$bMill,$c2026.\n=300  \\\\$a${value} pages :$bill. ;$c24 cm\n=650  \\0$a${capitalised(words.word())}.\n\n`,
      line: (value) => `$a${value} pages`,
      parent: (name) => `The ${name} /`,
      siblings: /^=245/,
    }),
  "statements of MT940": (words) =>
    nameBelow(
      records(words, 36, {
        name: "statement.sta",
        query: (value) => `To whom were ${value} euros paid?`,
        before: ":20:STATEMENT\n:25:12345678/0001\n:28C:3/1\n:60F:C260301EUR90000,00\n",
        record: (name, value, at) =>
          `:61:260302${two((at % 12) + 1)}02D${value},00NTRFNONREF//${700 + at}\n:86:166?00TRANSFER?20${words.word().toUpperCase()} ${words.word().toUpperCase()}?30BANKDEFF?32${name.toUpperCase()} LTD\n`,
        after: ":62F:C260331EUR10,00\n-\n",
        line: (value) => `D${value},00`,
        parent: (name) => `${name.toUpperCase()} LTD`,
        siblings: /^:86:/,
      }),
    ),
  "transactions of OFX": (words) =>
    nameBelow(
      records(words, 40, {
        name: "bank.ofx",
        query: (value) => `To whom were ${value}.00 paid?`,
        before: "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n<OFX>\n<BANKTRANLIST>\n",
        record: (name, value, at) =>
          `<STMTTRN>\n<TRNTYPE>DEBIT\n<DTPOSTED>202603${two((at % 28) + 1)}\n<TRNAMT>-${value}.00\n<FITID>9${at}\n<NAME>${capitalised(name)} Ltd\n<MEMO>${words.word()}\n</STMTTRN>\n`,
        after: "</BANKTRANLIST>\n</OFX>\n",
        line: (value) => `-${value}.00`,
        parent: (name) => `${capitalised(name)} Ltd`,
        siblings: /NAME/,
      }),
    ),
  "references of RIS": (words) =>
    records(words, 36, {
      name: "references.ris",
      query: (value) => `Who wrote the article that begins on page ${value}?`,
      record: (name, value, at) =>
        `TY  - JOUR\n${times(1 + words.below(2), (own) => (own === 0 ? `AU  - ${capitalised(name)}, Anna\n` : `AU  - ${capitalised(words.word())}, Ben\n`)).join("")}TI  - On the ${words.word()} of the ${words.word()}\nJO  - Example Letters\nVL  - ${at + 1}\nPY  - 2024\nSP  - ${value}\nEP  - ${value + 5}\nER  - \n\n`,
      line: (value) => `SP - ${value}`,
      parent: (name) => `${capitalised(name)}, Anna`,
      siblings: /Anna/,
    }),
  "packets of a capture": (words) =>
    records(words, 24, {
      name: "tshark -V",
      query: (value) => `Which host sent the packet with the source port ${value}?`,
      record: (name, value, at) =>
        `Frame ${at + 1}: 66 bytes on wire (528 bits), 66 bytes captured\n    Arrival Time: Mar  2, 2026 10:00:${two(at)}.100000000\n    Frame Number: ${at + 1}\nEthernet II, Src: 00:50:56:a1:00:${two(at)}, Dst: 00:50:56:a1:00:ff\n    Type: IPv4 (0x0800)\nInternet Protocol Version 4, Src: ${name}.example, Dst: shop.example\n    Time to Live: 64\n    Protocol: TCP (6)\nTransmission Control Protocol, Src Port: ${value}, Dst Port: 443, Seq: ${at}\n    Flags: 0x010 (ACK)\n    Window: ${500 + at}\n\n`,
      line: (value) => `Src Port: ${value}`,
      parent: (name) => `Src: ${name}.example`,
      siblings: /^Internet Protocol/,
    }),
  "tags of DICOM": (words) =>
    records(words, 28, {
      name: "dcmdump",
      query: (value) => `Which patient was imaged with an exposure of ${value}?`,
      record: (name, value, at) =>
        `# Dicom-File-Format\n\n# Dicom-Data-Set\n# Used TransferSyntax: Little Endian Explicit\n(0008,0060) CS [CT]                    #   2, 1 Modality\n(0010,0010) PN [${capitalised(name)}^Anna] #  16, 1 PatientName\n(0010,0020) LO [P${at}9]                  #   4, 1 PatientID\n(0018,0050) DS [5.0]                   #   4, 1 SliceThickness\n(0018,1152) IS [${value}]                  #   4, 1 Exposure\n(0020,0013) IS [${at}]                     #   2, 1 InstanceNumber\n\n`,
      line: (value) => `[${value}]`,
      parent: (name) => `${capitalised(name)}^Anna`,
      siblings: /PatientName/,
    }),
  "persons of GEDCOM": (words) =>
    records(words, 40, {
      name: "family.ged",
      query: (value) => `Who lived in house ${value}?`,
      before: "0 HEAD\n1 SOUR Shop\n1 GEDC\n2 VERS 5.5.1\n",
      record: (name, value, at) =>
        `0 @I${at + 1}@ INDI\n1 NAME Anna /${capitalised(name)}/\n1 SEX F\n1 BIRT\n2 DATE ${at + 1} MAR 1890\n2 PLAC ${capitalised(words.word())}\n1 RESI\n2 ADDR House ${value}\n${words.below(2) === 0 ? `1 FAMS @F${at}@\n` : ""}`,
      after: "0 TRLR\n",
      line: (value) => `House ${value}`,
      parent: (name) => `/${capitalised(name)}/`,
      siblings: /NAME/,
    }),
  "orders of FIX": (words) =>
    records(words, 60, {
      name: "fix.log",
      query: (value) => `Which symbol was ordered with the quantity 38=${value}?`,
      record: (name, value, at) =>
        `20260302-10:00:${two(at)}.100 : 8=FIX.4.4|9=176|35=D|34=${at}|49=SHOP|56=MILL|11=ord${at}|55=${name.toUpperCase()}|54=1|38=${value}|40=2|44=10.${at}|10=0${at + 10}|\n`,
      line: (value) => `|38=${value}|`,
      parent: (name) => `55=${name.toUpperCase()}|`,
      siblings: /never/,
    }),
};
