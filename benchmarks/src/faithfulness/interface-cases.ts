// Descriptions of interfaces: schemas, generated references, helps of commands.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { records } from "./records.ts";
import { capitalised, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

export const interfaceCases: Readonly<Record<string, Make>> = {
  "definitions of a JSON Schema": (words) =>
    records(words, 24, {
      name: "order.schema.json",
      query: (_, name) => `What is the maxLength of the code of ${capitalised(name)}?`,
      before: '{\n  "$schema": "https://json-schema.org/draft/2020-12/schema",\n  "$defs": {\n',
      record: (name, value, at) =>
        `    "${capitalised(name)}": {\n      "type": "object",\n      "description": "${words.sentence()}",\n      "required": ["code"],\n      "properties": {\n        "code": {\n          "type": "string",\n          "maxLength": ${value}\n        },\n        "${words.word()}": { "$ref": "#/$defs/Id" }\n      }\n    }${at === 23 ? "" : ","}\n`,
      after: "  }\n}\n",
      line: (value) => `${value}`,
      parent: (name) => `${capitalised(name)}`,
      siblings: /^ {4}"\w+": \{/,
    }),
  "helps of subcommands": (words) =>
    records(words, 18, {
      name: "shopctl --help",
      query: (_, name) => `What is the default of --timeout of shopctl ${name}?`,
      record: (name, value) =>
        `$ shopctl ${name} --help\n${words.sentence()}\n\nUsage:\n  shopctl ${name} [flags] <id>\n\nExamples:\n  shopctl ${name} --wait 77\n\nFlags:\n  -h, --help             help for the command\n      --dry-run          only print what would be done\n      --output string    output format: json or ${words.word()} (default "json")\n      --timeout duration how long to wait (default ${value}s)\n\n`,
      line: (value) => `(default ${value}s)`,
      parent: (name) => `shopctl ${name}`,
      siblings: /^\$ shopctl|^ {2}shopctl/,
    }),
  "packages of go doc": (words) =>
    records(words, 22, {
      name: "go doc -all",
      query: (value) => `Which function returns at most ${value} entries?`,
      before: 'package shop // import "example.com/shop"\n\nPackage shop keeps orders.\n\nFUNCTIONS\n\n',
      record: (name, value) =>
        `func ${capitalised(name)}(ctx context.Context, id string) ([]Entry, error)\n    ${capitalised(name)} reads the ${words.word()} of the ${words.word()}.\n\n    It returns at most ${value} entries. The ${words.word()} has to be open, and\n    an error is returned if it is not.\n\n`,
      line: (value) => `at most ${value} entries`,
      parent: (name) => `${capitalised(name)}`,
      siblings: /^func /,
    }),
  "methods of a Javadoc page": (words) =>
    records(words, 22, {
      name: "OrderService.txt",
      query: (value) => `Which method throws LimitException above ${value}?`,
      before: "Class OrderService\njava.lang.Object\n  com.example.shop.OrderService\n\nMethod Details\n\n",
      record: (name, value) =>
        `${name}Order\npublic void ${name}Order(String id, int count) throws LimitException\n\n${words.sentence()}\n\nParameters:\n    id - the id of the ${words.word()}\n    count - how many\nThrows:\n    LimitException - if count is above ${value}\nSince:\n    2.1\n\n`,
      line: (value) => `above ${value}`,
      parent: (name) => `${name}Order`,
      siblings: /^public void/,
    }),
  "functions with NumPy docstrings": (words) =>
    records(words, 16, {
      name: "help(shop)",
      query: (value) => `For which function is the default window ${value}?`,
      before: "Help on module shop:\n\nNAME\n    shop - Orders\n\nFUNCTIONS\n",
      record: (name, value) =>
        `    ${name}(orders, window=None)\n        ${words.sentence()}\n        \n        Parameters\n        ----------\n        orders : list of Order\n            The ${words.word()} of the ${words.word()}.\n        window : int, optional\n            Defaults to ${value}.\n        \n        Returns\n        -------\n        float\n    \n`,
      line: (value) => `Defaults to ${value}`,
      parent: (name) => `${name}(orders`,
      siblings: /\(orders/,
    }),
  "channels of AsyncAPI": (words) =>
    records(words, 22, {
      name: "asyncapi.yaml",
      query: (value) => `Which channel has messages with a maximum of ${value} items?`,
      before: "asyncapi: 3.0.0\ninfo:\n  title: Shop\n  version: 1.0.0\nchannels:\n",
      record: (name, value) =>
        `  ${name}Created:\n    address: shop.${words.word()}.created\n    messages:\n      created:\n        payload:\n          type: object\n          properties:\n            items:\n              type: array\n              maxItems: ${value}\n            owner:\n              type: string\n    description: ${words.sentence()}\n`,
      line: (value) => `maxItems: ${value}`,
      parent: (name) => `${name}Created`,
      siblings: /Created/,
    }),
  "services of Thrift": (words) =>
    records(words, 24, {
      name: "shop.thrift",
      query: (value) => `Which struct has the default limit ${value}?`,
      before: "namespace java com.example.shop\n\n",
      record: (name, value) =>
        `/**\n * ${words.sentence()}\n */\nstruct ${capitalised(name)}Request {\n  1: required string id,\n  2: optional i32 limit = ${value},\n  3: optional list<string> ${words.word()},\n}\n\n`,
      line: (value) => `limit = ${value}`,
      parent: (name) => `struct ${capitalised(name)}Request`,
      siblings: /^struct/,
    }),
  "requests of a collection": (words) =>
    records(words, 24, {
      name: "shop.http",
      query: (value) => `Which request sends a quantity of ${value}?`,
      before: "@host = https://shop.example\n\n",
      record: (name, value, at) =>
        `### Order ${name}\nPOST {{host}}/v1/orders HTTP/1.1\nContent-Type: application/json\nX-Trace: ${at}\n\n{\n  "owner": "${words.word()}",\n  "quantity": ${value}\n}\n\n> {% client.test("ok", () => {}) %}\n\n`,
      line: (value) => `"quantity": ${value}`,
      parent: (name) => `### Order ${name}`,
      siblings: /^### /,
    }),
  "endpoints of an API page": (words) =>
    records(words, 18, {
      name: "API reference",
      query: (_, name) => `What is the rate limit of creating a ${name}?`,
      record: (name, value) =>
        `Create a ${name}\n\nPOST /v1/${name}s\n\n${words.sentence()}\n\nPath parameters\n\nNone.\n\nBody parameters\n\nowner (string, required)\n    The ${words.word()} that owns it.\n\nRate limit\n\n${value} requests per hour.\n\nResponse\n\n201 Created\n\n`,
      line: (value) => `${value} requests per hour`,
      parent: (name) => `${name}`,
      siblings: /^POST|^Create a/,
    }),
  "operations of a WSDL": (words) =>
    records(words, 24, {
      name: "shop.wsdl",
      query: (value) => `Which element has a maxLength of ${value}?`,
      before: '<?xml version="1.0"?>\n<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">\n',
      record: (name, value) =>
        `  <xs:element name="${name}Request">\n    <xs:complexType>\n      <xs:sequence>\n        <xs:element name="id" type="xs:string"/>\n        <xs:element name="code">\n          <xs:simpleType>\n            <xs:restriction base="xs:string">\n              <xs:maxLength value="${value}"/>\n            </xs:restriction>\n          </xs:simpleType>\n        </xs:element>\n        <xs:element name="${words.word()}" type="xs:int"/>\n      </xs:sequence>\n    </xs:complexType>\n  </xs:element>\n`,
      after: "</xs:schema>\n",
      line: (value) => `${value}`,
      parent: (name) => `${name}Request`,
      siblings: /Request/,
    }),
  "error codes of a manual": (words) =>
    records(words, 40, {
      name: "Error codes",
      query: (_, name) => `What HTTP status does ERR_${name.toUpperCase()} have?`,
      record: (name, value) =>
        `ERR_${name.toUpperCase()}\n  Meaning   The ${words.word()} is not open.\n  Status    ${value}\n  Retry     ${words.word() < "m" ? "yes" : "no"}\n  Action    ${words.sentence()}\n\n`,
      line: (value) => `Status ${value}`,
      parent: (name) => `ERR_${name.toUpperCase()}`,
      siblings: /^ERR_/,
    }),
  "methods of gRPC services": (words) =>
    records(words, 20, {
      name: "grpcurl describe",
      query: (value) => `Which message has field number ${value}?`,
      record: (name, value, at) =>
        `shop.v1.${capitalised(name)} is a message:\nmessage ${capitalised(name)} {\n  string id = 1;\n  string ${words.word()} = 2;\n  int32 count = ${value};\n  .google.protobuf.Timestamp created_at = ${at + 10};\n}\n`,
      line: (value) => `= ${value};`,
      parent: (name) => `message ${capitalised(name)}`,
      siblings: /^message|is a message/,
    }),
  "properties of a TypeScript declaration": (words) =>
    records(words, 26, {
      name: "options.d.ts",
      query: (value) => `Which interface has the default ${value}?`,
      record: (name, value) =>
        `export interface ${capitalised(name)}Options {\n  /** ${words.sentence()} */\n  ${words.word()}?: string;\n  /**\n   * In milliseconds.\n   * @default ${value}\n   */\n  timeout?: number;\n  signal?: AbortSignal;\n}\n\n`,
      line: (value) => `@default ${value}`,
      parent: (name) => `${capitalised(name)}Options`,
      siblings: /interface/,
    }),
};
