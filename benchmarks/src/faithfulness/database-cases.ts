// What clients of databases print, and the files that describe schemas and their changes.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const databaseCases: Readonly<Record<string, Make>> = {
  "expanded rows of psql": (words) =>
    records(words, 30, {
      name: "psql -x",
      query: (_, name) => `Which client_port does the application ${name} use?`,
      record: (name, value, at) =>
        `-[ RECORD ${at + 1} ]----+--------------------------------\ndatname          | shop\npid              | ${at + 700}\nusename          | app\napplication_name | ${name}\nclient_addr      | 10.0.0.${at}\nclient_port      | ${value}\nbackend_start    | 2026-03-02 10:00:${two(at)}+01\nstate            | idle\nquery            | select * from ${words.word()}\n`,
      line: (value) => `client_port | ${value}`,
      parent: (name) => `application_name | ${name}`,
      siblings: /application_name/,
    }),
  "lines of sqlite": (words) =>
    records(words, 40, {
      name: "sqlite3 -line",
      query: (value) => `Which customer has the zip ${value}?`,
      record: (name, value, at) =>
        `     id = ${at + 1}\n   name = ${capitalised(name)} Ltd\n street = ${capitalised(words.word())} Road ${at}\n    zip = ${value}\n   city = ${capitalised(words.word())}\n  notes = \n\n`,
      line: (value) => `zip = ${value}`,
      parent: (name) => `${capitalised(name)} Ltd`,
      siblings: /^ +name =/,
    }),
  "vertical rows of ClickHouse": (words) =>
    records(words, 26, {
      name: "clickhouse-client",
      query: (_, name) => `How many parts has the table ${name}?`,
      record: (name, value, at) =>
        `Row ${at + 1}:\n──────\ndatabase:    shop\ntable:       ${name}\nengine:      MergeTree\nrows:        ${at + 12000}\nparts:       ${value}\nbytes:       ${at + 900}1\nsorting_key: (day, ${words.word()})\n\n`,
      line: (value) => `parts: ${value}`,
      parent: (name) => `table: ${name}`,
      siblings: /^table:/,
    }),
  "expanded rows of cqlsh": (words) =>
    records(words, 26, {
      name: "cqlsh",
      query: (value) => `Which device has the reading ${value}?`,
      record: (name, value, at) =>
        `@ Row ${at + 1}\n---------+--------------------------------------\n device  | ${name}\n day     | 2026-03-02\n place   | ${words.word()}\n reading | ${value}\n unit    | kPa\n\n`,
      line: (value) => `reading | ${value}`,
      parent: (name) => `device | ${name}`,
      siblings: /^ device/,
    }),
  "plans of several statements": (words) =>
    records(words, 16, {
      name: "explain.log",
      query: (value) => `Which statement reads ${value} shared blocks?`,
      record: (name, value, at) =>
        `LOG:  duration: ${at + 20}.431 ms  plan:\n\tQuery Text: select sum(price) from ${name} where day > $1\n\tAggregate  (cost=120.0..120.1 rows=1 width=8) (actual time=19.1..19.2 rows=1 loops=1)\n\t  Buffers: shared hit=${at}\n\t  ->  Hash Join  (cost=10.0..110.0 rows=900 width=4) (actual time=2.0..17.0 rows=900 loops=1)\n\t        Hash Cond: (a.id = b.${words.word()}_id)\n\t        ->  Seq Scan on ${words.word()} b  (cost=0.0..80.0 rows=900 width=8)\n\t              Buffers: shared hit=1 read=${value}\n`,
      line: (value) => `read=${value}`,
      parent: (name) => `from ${name} where`,
      siblings: /Query Text/,
    }),
  "statements of the slow query log": (words) =>
    nameBelow(
      records(words, 30, {
        name: "mysql-slow.log",
        query: (value) => `Which table did the query read that examined ${value} rows?`,
        before:
          "/usr/sbin/mysqld, Version: 8.0.36. started with:\nTcp port: 3306  Unix socket: /run/mysqld.sock\nTime                 Id Command    Argument\n",
        record: (name, value, at) =>
          `# Time: 2026-03-02T10:00:${two(at)}.000000Z\n# User@Host: app[app] @ ${words.word()} [10.0.0.${at}]  Id: ${at + 50}\n# Query_time: 2.0${two(at)}  Lock_time: 0.0001 Rows_sent: 1  Rows_examined: ${value}\nSET timestamp=17724${at};\nSELECT *\nFROM ${name}\nWHERE created_at > '2026-01-01';\n`,
        line: (value) => `Rows_examined: ${value}`,
        parent: (name) => `FROM ${name}`,
        siblings: /^FROM/,
      }),
    ),
  "hashes of redis-cli": (words) =>
    records(words, 36, {
      name: "redis-cli",
      query: (_, name) => `What is the port in cart:${name}?`,
      record: (name, value, at) =>
        `127.0.0.1:6379> HGETALL cart:${name}\n1) "owner"\n2) "${words.word()}"\n3) "port"\n4) "${value}"\n5) "stage"\n6) "${words.word()}-${at}"\n`,
      line: (value) => `4) "${value}"`,
      parent: (name) => `HGETALL cart:${name}`,
      siblings: /HGETALL/,
    }),
  "indices of Elasticsearch": (words) =>
    records(words, 22, {
      name: "GET _settings",
      query: (_, name) => `What is the total_fields limit of ${name}-logs?`,
      before: "{\n",
      record: (name, value, at) =>
        `  "${name}-logs" : {\n    "settings" : {\n      "index" : {\n        "number_of_shards" : "1",\n        "provided_name" : "${name}-logs",\n        "mapping" : {\n          "total_fields" : {\n            "limit" : "${value}"\n          }\n        },\n        "creation_date" : "17724${at}"\n      }\n    }\n  }${at === 21 ? "" : ","}\n`,
      after: "}\n",
      line: (value) => `${value}`,
      parent: (name) => `${name}-logs`,
      siblings: /-logs" ?:/,
    }),
  "tables of schema.rb": (words) =>
    records(words, 26, {
      name: "db/schema.rb",
      query: (_, name) => `What is the limit of the code column in ${name}s?`,
      before: 'ActiveRecord::Schema[7.1].define(version: 2026_03_02_100000) do\n  enable_extension "plpgsql"\n\n',
      record: (name, value) =>
        `  create_table "${name}s", force: :cascade do |t|\n    t.string "title", null: false\n    t.bigint "${words.word()}_id"\n    t.string "code", limit: ${value}\n    t.datetime "created_at", null: false\n    t.index ["${words.word()}_id"], name: "index_on_${words.word()}_id"\n  end\n\n`,
      after: "end\n",
      line: (value) => `limit: ${value}`,
      parent: (name) => `"${name}s"`,
      siblings: /create_table/,
    }),
  "models of Prisma": (words) =>
    records(words, 26, {
      name: "schema.prisma",
      query: (value) => `Which model has a field with VarChar(${value})?`,
      before: 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n\n',
      record: (name, value) =>
        `model ${capitalised(name)} {\n  id        Int      @id @default(autoincrement())\n  ${words.word()}     String?\n  code      String   @db.VarChar(${value})\n  createdAt DateTime @default(now())\n\n  @@index([createdAt])\n}\n\n`,
      line: (value) => `VarChar(${value})`,
      parent: (name) => `model ${capitalised(name)} {`,
      siblings: /^model /,
    }),
  "change sets of Liquibase": (words) =>
    records(words, 24, {
      name: "changelog.xml",
      query: (value) => `Which changeSet adds a varchar(${value})?`,
      before: '<?xml version="1.0" encoding="UTF-8"?>\n<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">\n',
      record: (name, value, at) =>
        `  <changeSet id="${name}-${at}" author="${words.word()}">\n    <comment>${words.sentence()}</comment>\n    <addColumn tableName="${words.word()}">\n      <column name="code" type="varchar(${value})">\n        <constraints nullable="false"/>\n      </column>\n    </addColumn>\n  </changeSet>\n`,
      after: "</databaseChangeLog>\n",
      line: (value) => `varchar(${value})`,
      parent: (name) => `${name}-`,
      siblings: /<?changeSet/,
    }),
  "models of dbt": (words) =>
    records(words, 22, {
      name: "models/schema.yml",
      query: (_, name) => `What is the max_value of the total in stg_${name}?`,
      before: "version: 2\n\nmodels:\n",
      record: (name, value) =>
        `  - name: stg_${name}\n    description: "${words.sentence()}"\n    columns:\n      - name: id\n        tests:\n          - unique\n          - not_null\n      - name: total\n        tests:\n          - dbt_utils.accepted_range:\n              min_value: 0\n              max_value: ${value}\n`,
      line: (value) => `max_value: ${value}`,
      parent: (name) => `stg_${name}`,
      siblings: /stg_/,
    }),
  "locks of InnoDB": (words) =>
    nameBelow(
      records(words, 20, {
        name: "SHOW ENGINE INNODB STATUS",
        query: (value) => `Which statement runs in MySQL thread id ${value}?`,
        before:
          "------------\nTRANSACTIONS\n------------\nTrx id counter 9012\nHistory list length 12\nLIST OF TRANSACTIONS FOR EACH SESSION:\n",
        record: (name, value, at) =>
          `---TRANSACTION 4219${at}, ACTIVE ${at + 2} sec starting index read\nmysql tables in use 1, locked 1\nLOCK WAIT 2 lock struct(s), heap size 1128, 1 row lock(s)\nMySQL thread id ${value}, OS thread handle 1402, query id ${at + 77} localhost app updating\nUPDATE ${name} SET total = total + 1 WHERE id = ${at}\n------- TRX HAS BEEN WAITING ${at} SEC FOR THIS LOCK TO BE GRANTED:\nRECORD LOCKS space id 58 page no 4 n bits 72 index PRIMARY of table \`shop\`.\`${words.word()}\`\n------------------\n`,
        line: (value) => `MySQL thread id ${value}`,
        parent: (name) => `UPDATE ${name} SET`,
        siblings: /^UPDATE/,
      }),
    ),
  "sections of pg_dump": (words) =>
    records(words, 24, {
      name: "dump.sql",
      query: (value) => `Which sequence starts with ${value}?`,
      before: "--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\nSET lock_timeout = 0;\n\n",
      record: (name, value, at) =>
        `--\n-- Name: ${name}_seq; Type: SEQUENCE; Schema: public; Owner: app\n--\n\nCREATE SEQUENCE public.${name}_seq\n    AS integer\n    START WITH ${value}\n    INCREMENT BY 1\n    NO MINVALUE\n    CACHE ${at + 1};\n\n\nALTER TABLE public.${name}_seq OWNER TO app;\n\n`,
      line: (value) => `START WITH ${value}`,
      parent: (name) => `${name}_seq`,
      siblings: /_seq/,
    }),
  "partitions of a topic": (words) =>
    records(words, 24, {
      name: "kafka-configs --describe",
      query: (_, name) => `What is retention.ms of the topic ${name}?`,
      record: (name, value, at) =>
        `Dynamic configs for topic ${name} are:\n  cleanup.policy=delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=delete, DEFAULT_CONFIG:log.cleanup.policy=delete}\n  max.message.bytes=${at + 100}012 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:max.message.bytes=1}\n  retention.ms=${value} sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=${value}}\n`,
      line: (value) => `retention.ms=${value} `,
      parent: (name) => `for topic ${name} `,
      siblings: /^Dynamic configs/,
    }),
};
