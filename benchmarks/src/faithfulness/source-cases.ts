// Source code and build files in more languages: what a line does is known with what stands around it.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { records } from "./records.ts";
import { capitalised, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

export const sourceCases: Readonly<Record<string, Make>> = {
  "methods of C#": (words) =>
    records(words, 24, {
      name: "Limits.cs",
      query: (value) => `Which method has a limit of ${value}?`,
      before: "namespace Shop.Limits;\n\npublic sealed class Limits\n{\n",
      record: (name, value) =>
        `    /// <summary>${words.sentence()}</summary>\n    public int ${capitalised(name)}(int value)\n    {\n        const int Limit = ${value};\n        if (value > Limit)\n        {\n            throw new ArgumentException("${words.word()}");\n        }\n        return value * 2;\n    }\n\n`,
      after: "}\n",
      line: (value) => `const int Limit = ${value};`,
      parent: (name) => `public int ${capitalised(name)}(`,
      siblings: /^ {4}public int /,
    }),
  "methods of Ruby": (words) =>
    records(words, 30, {
      name: "limits.rb",
      query: (value) => `Which method has a limit of ${value}?`,
      before: "# frozen_string_literal: true\n\nmodule Shop\n  class Limits\n",
      record: (name, value) =>
        `    # ${words.sentence()}\n    def ${name}(value)\n      limit = ${value}\n      return nil if value > limit\n\n      value * ${words.below(9) + 2}\n    end\n\n`,
      after: "  end\nend\n",
      line: (value) => `limit = ${value}`,
      parent: (name) => `def ${name}(`,
      siblings: /^ {4}def /,
    }),
  "methods of PHP": (words) =>
    records(words, 24, {
      name: "Limits.php",
      query: (value) => `Which method has a limit of ${value}?`,
      before: "<?php\n\ndeclare(strict_types=1);\n\nfinal class Limits\n{\n",
      record: (name, value) =>
        `    public function ${name}(int $value): int\n    {\n        $limit = ${value};\n        if ($value > $limit) {\n            throw new RangeException('${words.word()}');\n        }\n\n        return $value;\n    }\n\n`,
      after: "}\n",
      line: (value) => `$limit = ${value};`,
      parent: (name) => `function ${name}(`,
      siblings: /^ {4}public function /,
    }),
  "functions of Kotlin": (words) =>
    records(words, 24, {
      name: "Limits.kt",
      query: (value) => `Which function has a limit of ${value}?`,
      before: "package shop.limits\n\nclass Limits(private val store: Store) {\n",
      record: (name, value) =>
        `    fun ${name}(value: Int): Int {\n        val limit = ${value}\n        require(value <= limit) { "${words.word()}" }\n        return value * 2\n    }\n\n`,
      after: "}\n",
      line: (value) => `val limit = ${value}`,
      parent: (name) => `fun ${name}(`,
      siblings: /^ {4}fun /,
    }),
  "functions of Swift": (words) =>
    records(words, 24, {
      name: "Limits.swift",
      query: (value) => `Which function has a limit of ${value}?`,
      before: "import Foundation\n\nstruct Limits {\n",
      record: (name, value) =>
        `    func ${name}(_ value: Int) throws -> Int {\n        let limit = ${value}\n        guard value <= limit else { throw LimitError.${words.word()} }\n        return value\n    }\n\n`,
      after: "}\n",
      line: (value) => `let limit = ${value}`,
      parent: (name) => `func ${name}(`,
      siblings: /^ {4}func /,
    }),
  "functions of Lua": (words) =>
    records(words, 30, {
      name: "limits.lua",
      query: (value) => `Which function has a limit of ${value}?`,
      before: "local M = {}\n\n",
      record: (name, value) =>
        `function M.${name}(value)\n  local limit = ${value}\n  if value > limit then\n    return nil, "${words.word()}"\n  end\n  return value\nend\n\n`,
      after: "return M\n",
      line: (value) => `local limit = ${value}`,
      parent: (name) => `function M.${name}(`,
      siblings: /^function /,
    }),
  "functions of Elixir": (words) =>
    records(words, 30, {
      name: "limits.ex",
      query: (value) => `Which function has a limit of ${value}?`,
      before: "defmodule Shop.Limits do\n",
      record: (name, value) =>
        `  @doc "${words.sentence()}"\n  def ${name}(value) do\n    limit = ${value}\n    if value > limit, do: {:error, :${words.word()}}, else: {:ok, value}\n  end\n\n`,
      after: "end\n",
      line: (value) => `limit = ${value}`,
      parent: (name) => `def ${name}(`,
      siblings: /^ {2}def /,
    }),
  "functions of Scala": (words) =>
    records(words, 30, {
      name: "Limits.scala",
      query: (value) => `Which function has a limit of ${value}?`,
      before: "package shop\n\nobject Limits {\n",
      record: (name, value) =>
        `  def ${name}(value: Int): Either[String, Int] = {\n    val limit = ${value}\n    if (value > limit) Left("${words.word()}")\n    else Right(value)\n  }\n\n`,
      after: "}\n",
      line: (value) => `val limit = ${value}`,
      parent: (name) => `def ${name}(`,
      siblings: /^ {2}def /,
    }),
  "subs of Perl": (words) =>
    records(words, 30, {
      name: "limits.pl",
      query: (value) => `Which sub has a limit of ${value}?`,
      before: "use strict;\nuse warnings;\n\n",
      record: (name, value) =>
        `sub ${name} {\n    my ($value) = @_;\n    my $limit = ${value};\n    die "${words.word()}" if $value > $limit;\n    return $value;\n}\n\n`,
      line: (value) => `my $limit = ${value};`,
      parent: (name) => `sub ${name}`,
      siblings: /^sub /,
    }),
  "functions of PowerShell": (words) =>
    records(words, 30, {
      name: "Limits.ps1",
      query: (value) => `Which function has a limit of ${value}?`,
      record: (name, value) =>
        `function Get-${capitalised(name)} {\n    param([int]$Value)\n    $limit = ${value}\n    if ($Value -gt $limit) { throw "${words.word()}" }\n    return $Value\n}\n\n`,
      line: (value) => `$limit = ${value}`,
      parent: (name) => `function Get-${capitalised(name)}`,
      siblings: /^function /,
    }),
  "functions of R": (words) =>
    records(words, 30, {
      name: "limits.R",
      query: (value) => `Which function has a limit of ${value}?`,
      record: (name, value) =>
        `# ${words.sentence()}\n${name} <- function(value) {\n  limit <- ${value}\n  if (value > limit) stop("${words.word()}")\n  value\n}\n\n`,
      line: (value) => `limit <- ${value}`,
      parent: (name) => `${name} <- function`,
      siblings: /^\w+ <- function/,
    }),
  "targets of a Makefile": (words) =>
    records(words, 36, {
      name: "Makefile",
      query: (value) => `Which target sets the port ${value}?`,
      before: ".PHONY: all\nSHELL := /bin/bash\n\n",
      record: (name, value) =>
        `${name}: ${words.word()} ${words.word()}\n\t@echo "${words.word()}"\n\tPORT=${value} ./run.sh ${words.word()}\n\trm -f ${words.word()}.tmp\n\n`,
      line: (value) => `PORT=${value}`,
      parent: (name) => `${name}:`,
      siblings: /^\w+:/,
    }),
  "targets of CMake": (words) =>
    records(words, 30, {
      name: "CMakeLists.txt",
      query: (value) => `Which target is compiled with LIMIT=${value}?`,
      before: "cmake_minimum_required(VERSION 3.25)\nproject(shop LANGUAGES CXX)\n\n",
      record: (name, value) =>
        `add_library(${name} STATIC\n  src/${words.word()}.cpp\n  src/${words.word()}.cpp\n)\ntarget_compile_definitions(${name} PRIVATE LIMIT=${value})\ntarget_link_libraries(${name} PUBLIC ${words.word()})\n\n`,
      line: (value) => `LIMIT=${value}`,
      parent: (name) => `(${name} `,
      siblings: /^add_library/,
    }),
  "dependencies of a pom": (words) =>
    records(words, 30, {
      name: "pom.xml",
      query: (value) => `Which artifact has the version 3.${value}?`,
      before: `<?xml version="1.0"?>\n<project>\n  <modelVersion>4.0.0</modelVersion>\n  <dependencies>\n`,
      record: (name, value) =>
        `    <dependency>\n      <groupId>org.${words.word()}</groupId>\n      <artifactId>${name}-core</artifactId>\n      <version>3.${value}</version>\n      <scope>runtime</scope>\n    </dependency>\n`,
      after: "  </dependencies>\n</project>\n",
      line: (value) => `3.${value}`,
      parent: (name) => `${name}-core`,
      siblings: /artifactId/,
    }),
  "blocks of Gradle": (words) =>
    records(words, 24, {
      name: "build.gradle.kts",
      query: (value) => `Which task sets -Xmx${value}m?`,
      before: "plugins {\n    java\n}\n\n",
      record: (name, value) =>
        `tasks.register<JavaExec>("${name}") {\n    group = "${words.word()}"\n    mainClass.set("shop.${capitalised(words.word())}")\n    jvmArgs("-Xmx${value}m")\n}\n\n`,
      line: (value) => `-Xmx${value}m`,
      parent: (name) => `"${name}"`,
      siblings: /^tasks\.register/,
    }),
  "messages of Protocol Buffers": (words) =>
    records(words, 30, {
      name: "shop.proto",
      query: (value) => `Which message reserves ${value}?`,
      before: 'syntax = "proto3";\n\npackage shop.v1;\n\n',
      record: (name, value) =>
        `// ${words.sentence()}\nmessage ${capitalised(name)} {\n  string id = 1;\n  int64 ${words.word()}_count = 2;\n  reserved ${value};\n  repeated string ${words.word()}s = 3;\n}\n\n`,
      line: (value) => `reserved ${value};`,
      parent: (name) => `message ${capitalised(name)}`,
      siblings: /^message /,
    }),
  "types of GraphQL": (words) =>
    records(words, 30, {
      name: "schema.graphql",
      query: (value) => `Which type has a default of ${value}?`,
      record: (name, value) =>
        `"""\n${words.sentence()}\n"""\ntype ${capitalised(name)} {\n  id: ID!\n  ${words.word()}: String\n  items(first: Int = ${value}): [Item!]!\n}\n\n`,
      line: (value) => `first: Int = ${value}`,
      parent: (name) => `type ${capitalised(name)}`,
      siblings: /^type /,
    }),
  "rules of CSS": (words) =>
    records(words, 48, {
      name: "style.css",
      query: (value) => `Which class has a width of ${value}px?`,
      record: (name, value) => `.${name} {\n  display: flex;\n  width: ${value}px;\n  margin: ${words.below(9)}px;\n}\n\n`,
      line: (value) => `width: ${value}px;`,
      parent: (name) => `.${name} {`,
      siblings: /^\./,
    }),
  "scenarios of Gherkin": (words) =>
    records(words, 24, {
      name: "cart.feature",
      query: (value) => `In which scenario is the total ${value}?`,
      before: "Feature: Cart\n\n",
      record: (name, value) =>
        `  Scenario: The ${name} is bought\n    Given a cart with the ${words.word()}\n    And a voucher for the ${words.word()}\n    When the customer pays\n    Then the total is ${value}\n\n`,
      line: (value) => `the total is ${value}`,
      parent: (name) => `The ${name} is bought`,
      siblings: /^ {2}Scenario:/,
    }),
  "sections of LaTeX": (words) =>
    records(words, 24, {
      name: "paper.tex",
      query: (value) => `In which subsection were ${value} samples used?`,
      before: "\\documentclass{article}\n\\begin{document}\n\\section{Methods}\n",
      record: (name, value) =>
        `\\subsection{The ${name}}\n${words.paragraph(2)}\nWe used ${value} samples here.\n${words.paragraph(2)}\n\n`,
      after: "\\end{document}\n",
      line: (value) => `We used ${value} samples`,
      parent: (name) => `\\subsection{The ${name}}`,
      siblings: /^\\subsection/,
    }),
  "entries of BibTeX": (words) =>
    records(words, 36, {
      name: "references.bib",
      query: (value) => `Which entry has pages from ${value}?`,
      record: (name, value) =>
        `@article{${name}2024,\n  author = {${capitalised(words.word())}, A.},\n  title = {On the ${words.word()} of the ${words.word()}},\n  journal = {Journal of ${capitalised(words.word())}},\n  pages = {${value}--${value + 6}},\n}\n\n`,
      line: (value) => `pages = {${value}--`,
      parent: (name) => `{${name}2024`,
      siblings: /^@article/,
    }),
  "headings of Org mode": (words) =>
    records(words, 30, {
      name: "notes.org",
      query: (value) => `Under which heading is the budget ${value}?`,
      before: "#+TITLE: Plans\n\n* Projects\n",
      record: (name, value) =>
        `** NEXT Build the ${name} :work:\n   SCHEDULED: <2026-03-0${words.below(8) + 1}>\n   - Ask the ${words.word()}\n   - Budget: ${value} euros\n   - Order the ${words.word()}\n`,
      line: (value) => `Budget: ${value} euros`,
      parent: (name) => `Build the ${name}`,
      siblings: /^\*\* /,
    }),
  "sections of a wiki": (words) =>
    records(words, 30, {
      name: "page.wiki",
      query: (value) => `Which part weighs ${value} grams?`,
      before: "= Parts =\n\n",
      record: (name, value) =>
        `== ${capitalised(name)} ==\n${words.paragraph(1)}\n* Weight: ${value} grams\n* Colour: [[${words.word()}]]\n\n`,
      line: (value) => `Weight: ${value} grams`,
      parent: (name) => `== ${capitalised(name)} ==`,
      siblings: /^== /,
    }),
};
