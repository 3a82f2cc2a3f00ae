// Sources in languages without braces of their own grammar here: hardware, numerics, functional languages, machines.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

export const furtherSourceCases: Readonly<Record<string, Make>> = {
  "modules of Verilog": (words) =>
    records(words, 28, {
      name: "shop.v",
      query: (value) => `Which module has the LIMIT ${value}?`,
      before: "`timescale 1ns / 1ps\n\n",
      record: (name, value, at) =>
        `module ${name} (\n    input wire clk,\n    input wire rst,\n    output reg [${at}:0] ${words.word()}\n);\n\n    localparam LIMIT = ${value};\n    reg [7:0] count;\n\n    always @(posedge clk) begin\n        if (rst) count <= 0;\n        else if (count == LIMIT) count <= 0;\n        else count <= count + 1;\n    end\n\nendmodule\n\n`,
      line: (value) => `LIMIT = ${value};`,
      parent: (name) => `module ${name} (`,
      siblings: /^module /,
    }),
  "entities of VHDL": (words) =>
    records(words, 24, {
      name: "shop.vhd",
      query: (value) => `Which entity has a limit of ${value}?`,
      record: (name, value) =>
        `library ieee;\nuse ieee.std_logic_1164.all;\n\nentity ${name} is\n  port (\n    clk : in std_logic;\n    ${words.word()} : out std_logic\n  );\nend entity;\n\narchitecture rtl of ${name} is\n  constant limit : integer := ${value};\nbegin\n  process (clk)\n  begin\n    if rising_edge(clk) then\n      count <= count + 1;\n    end if;\n  end process;\nend architecture;\n\n`,
      line: (value) => `:= ${value};`,
      parent: (name) => ` ${name} is`,
      siblings: /^(?:entity|architecture)/,
    }),
  "functions of objdump": (words) =>
    records(words, 30, {
      name: "objdump -d",
      query: (value) => `Which function calls step_${value}?`,
      before: "\nshop:     file format elf64-x86-64\n\n\nDisassembly of section .text:\n\n",
      record: (name, value, at) =>
        `000000000040${at + 10}00 <${name}>:\n${times(2 + words.below(4), (own) => `  40${at + 10}0${own}:\t48 89 e5             \tmov    %rsp,%rbp\n`).join("")}  40${at + 10}1a:\te8 00 10 00 00       \tcall   40${at}90 <step_${value}>\n  40${at + 10}1f:\tc3                   \tret\n\n`,
      line: (value) => `<step_${value}>`,
      parent: (name) => `<${name}>:`,
      siblings: />:$/,
    }),
  "paragraphs of COBOL": (words) =>
    records(words, 36, {
      name: "SHOP.CBL",
      query: (value) => `Which paragraph moves ${value} to the limit?`,
      before: "       IDENTIFICATION DIVISION.\n       PROGRAM-ID. SHOP.\n       PROCEDURE DIVISION.\n",
      record: (name, value) =>
        `       ${name.toUpperCase()}-PARA.\n           MOVE ${value} TO WS-LIMIT.\n           ADD 1 TO WS-${words.word().toUpperCase()}.\n           IF WS-COUNT > WS-LIMIT\n               PERFORM ${words.word().toUpperCase()}-EXIT\n           END-IF.\n`,
      line: (value) => `MOVE ${value} TO`,
      parent: (name) => `${name.toUpperCase()}-PARA.`,
      siblings: /-PARA\.$/,
    }),
  "subroutines of Fortran": (words) =>
    records(words, 30, {
      name: "shop.f90",
      query: (value) => `Which subroutine has a limit of ${value}?`,
      before: "module shop\n  implicit none\ncontains\n\n",
      record: (name, value) =>
        `  subroutine ${name}(a, n)\n    integer, intent(in) :: n\n    real, intent(inout) :: a(n)\n    integer, parameter :: limit = ${value}\n    integer :: i\n    do i = 1, min(n, limit)\n      a(i) = a(i) * 2.0\n    end do\n  end subroutine\n\n`,
      after: "end module\n",
      line: (value) => `limit = ${value}`,
      parent: (name) => `subroutine ${name}(`,
      siblings: /^ {2}subroutine/,
    }),
  "functions of MATLAB": (words) =>
    records(words, 30, {
      name: "shop.m",
      query: (value) => `Which function has a limit of ${value}?`,
      record: (name, value) =>
        `function total = ${name}(x)\n%${name.toUpperCase()} The ${words.word()} of the ${words.word()}.\n    limit = ${value};\n    total = 0;\n    for k = 1:numel(x)\n        if x(k) < limit\n            total = total + x(k);\n        end\n    end\nend\n\n`,
      line: (value) => `limit = ${value};`,
      parent: (name) => `= ${name}(x)`,
      siblings: /^function/,
    }),
  "functions of Haskell": (words) =>
    records(words, 36, {
      name: "Shop.hs",
      query: (value) => `Which function has a limit of ${value}?`,
      before: "module Shop where\n\nimport Data.List (foldl')\n\n",
      record: (name, value) =>
        `-- | The ${words.word()} of the ${words.word()}.\n${name} :: [Int] -> Int\n${name} = foldl' step 0\n  where\n    limit = ${value}\n    step total price\n      | price > limit = total\n      | otherwise = total + price\n\n`,
      line: (value) => `limit = ${value}`,
      parent: (name) => name,
      siblings: /::/,
    }),
  "functions of OCaml": (words) =>
    records(words, 36, {
      name: "shop.ml",
      query: (value) => `Which function has a limit of ${value}?`,
      before: "open Printf\n\n",
      record: (name, value) =>
        `let ${name} prices =\n  let limit = ${value} in\n  let rec sum total = function\n    | [] -> total\n    | price :: rest when price > limit -> sum total rest\n    | price :: rest -> sum (total + price) rest\n  in\n  sum 0 prices\n\n`,
      line: (value) => `limit = ${value} in`,
      parent: (name) => `let ${name} prices`,
      siblings: /^let /,
    }),
  "functions of Clojure": (words) =>
    records(words, 36, {
      name: "shop.clj",
      query: (value) => `Which function has a limit of ${value}?`,
      before: "(ns shop.core\n  (:require [clojure.string :as str]))\n\n",
      record: (name, value) =>
        `(defn ${name}\n  "The ${words.word()} of the ${words.word()}."\n  [prices]\n  (let [limit ${value}\n        own (filter #(< % limit) prices)]\n    (reduce + own)))\n\n`,
      line: (value) => `limit ${value}`,
      parent: (name) => `(defn ${name}`,
      siblings: /^\(defn/,
    }),
  "functions of Erlang": (words) =>
    records(words, 36, {
      name: "shop.erl",
      query: (value) => `Which function has a limit of ${value}?`,
      before: "-module(shop).\n-export([start/0]).\n\n",
      record: (name, value) =>
        `%% The ${words.word()} of the ${words.word()}.\n${name}(Prices) ->\n    Limit = ${value},\n    Own = [Price || Price <- Prices, Price < Limit],\n    case Own of\n        [] -> 0;\n        _ -> lists:sum(Own)\n    end.\n\n`,
      line: (value) => `Limit = ${value},`,
      parent: (name) => `${name}(Prices) ->`,
      siblings: /\(Prices\) ->/,
    }),
  "methods of Dart": (words) =>
    records(words, 30, {
      name: "shop.dart",
      query: (value) => `Which method has a limit of ${value}?`,
      before: "library shop;\n\nclass Shop {\n",
      record: (name, value) =>
        `  int ${name}(List<int> prices) {\n    const limit = ${value};\n    var total = 0;\n    for (final price in prices) {\n      if (price < limit) total += price;\n    }\n    return total;\n  }\n\n`,
      after: "}\n",
      line: (value) => `limit = ${value};`,
      parent: (name) => `int ${name}(`,
      siblings: /^ {2}int /,
    }),
  "functions of Zig": (words) =>
    records(words, 30, {
      name: "shop.zig",
      query: (value) => `Which function has a limit of ${value}?`,
      before: "pub const Total = u32;\n\n",
      record: (name, value) =>
        `pub fn ${name}(prices: []const u32) u32 {\n    const limit: u32 = ${value};\n    var total: u32 = 0;\n    for (prices) |price| {\n        if (price < limit) total += price;\n    }\n    return total;\n}\n\n`,
      line: (value) => `= ${value};`,
      parent: (name) => `fn ${name}(`,
      siblings: /^pub fn/,
    }),
  "functions of Julia": (words) =>
    records(words, 36, {
      name: "shop.jl",
      query: (value) => `Which function has a limit of ${value}?`,
      before: "module Shop\n\nusing Statistics\n\n",
      record: (name, value) =>
        `"""\n    ${name}(prices)\n\nThe ${words.word()} of the ${words.word()}.\n"""\nfunction ${name}(prices)\n    limit = ${value}\n    total = 0\n    for price in prices\n        price < limit && (total += price)\n    end\n    return total\nend\n\n`,
      after: "end\n",
      line: (value) => `limit = ${value}`,
      parent: (name) => `function ${name}(`,
      siblings: /^function/,
    }),
  "functions of Solidity": (words) =>
    records(words, 30, {
      name: "Shop.sol",
      query: (value) => `Which function requires less than ${value}?`,
      before:
        "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n\ncontract Shop {\n    mapping(address => uint256) balances;\n\n",
      record: (name, value) =>
        `    function ${name}(uint256 amount) external returns (uint256) {\n        require(amount < ${value}, "too much");\n        balances[msg.sender] += amount;\n        emit ${capitalised(words.word())}(msg.sender, amount);\n        return balances[msg.sender];\n    }\n\n`,
      after: "}\n",
      line: (value) => `amount < ${value}`,
      parent: (name) => `function ${name}(`,
      siblings: /^ {4}function/,
    }),
  "nested rules of SCSS": (words) =>
    records(words, 36, {
      name: "shop.scss",
      query: (value) => `Which block has links of ${value}px?`,
      before: "@use 'colors';\n$base: 4px;\n\n",
      record: (name, value) =>
        `.${name} {\n  @include ${words.word()}($base);\n  color: colors.$main;\n\n  &__title {\n    font-weight: bold;\n  }\n\n  a {\n    width: ${value}px;\n    &:hover { color: red; }\n  }\n}\n\n`,
      line: (value) => `width: ${value}px;`,
      parent: (name) => `.${name} {`,
      siblings: /^\.\w+ \{/,
    }),
  "steps of a milling machine": (words) =>
    records(words, 36, {
      name: "part.nc",
      query: (value) => `Which operation runs at S${value}?`,
      before: "%\nO1000 (PART)\nG21 G90 G17\n",
      record: (name, value, at) =>
        `(OP ${at + 1}: ${name.toUpperCase()})\nT${at + 1} M6\nS${value} M3\n${times(3 + words.below(4), (own) => `G1 X${at}.${own} Y${own}.500 F300\n`).join("")}M5\n`,
      after: "M30\n%\n",
      line: (value) => `S${value} M3`,
      parent: (name) => `: ${name.toUpperCase()})`,
      siblings: /^\(OP/,
    }),
  "components of Svelte": (words) =>
    records(words, 24, {
      name: "Shop.svelte",
      query: (value) => `Which panel shows at most ${value} rows?`,
      before: "<script>\n  import Panel from './Panel.svelte';\n  export let rows = [];\n</script>\n\n",
      record: (name, value) =>
        `{#if open.${name}}\n  <Panel title="The ${name}">\n    <p class="${words.word()}">{$t('${words.word()}')}</p>\n    {#each rows as row (row.id)}\n      <Row {row} max={${value}} on:select />\n    {/each}\n  </Panel>\n{/if}\n\n`,
      line: (value) => `max={${value}}`,
      parent: (name) => `The ${name}`,
      siblings: /title="The/,
    }),
};
