// Runs of test suites and traces of errors, of several languages.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { records } from "./records.ts";
import { capitalised, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const suiteCases: Readonly<Record<string, Make>> = {
  "failures of ExUnit": (words) =>
    records(words, 20, {
      name: "mix test",
      query: (value) => `Which test expected ${value}?`,
      before: "Running ExUnit with seed: 77, max_cases: 8\n\n",
      record: (name, value, at) =>
        `\n\n  ${at + 1}) test counts the ${name} (Shop.${capitalised(words.word())}Test)\n     test/shop/${words.word()}_test.exs:${at + 5}\n     Assertion with == failed\n     code:  assert count == ${value}\n     left:  ${at}\n     right: ${value}\n     stacktrace:\n       test/shop/${words.word()}_test.exs:${at + 7}: (test)\n`,
      after: "\nFinished in 0.1 seconds (0.00s async, 0.1s sync)\n40 tests, 20 failures\n",
      line: (value) => `right: ${value}`,
      parent: (name) => `counts the ${name} (`,
      siblings: /\) test /,
    }),
  "tests of ctest": (words) =>
    records(words, 20, {
      name: "ctest --output-on-failure",
      query: (value) => `Which test reports a value of ${value}?`,
      before: "Test project /build\n",
      record: (name, value, at) =>
        `      Start ${at + 1}: ${name}_test\n ${at + 1}/20 Test #${at + 1}: ${name}_test ..................***Failed    0.${two(at)} sec\n[==========] Running 1 test from 1 test suite.\n[ RUN      ] ${capitalised(words.word())}.Adds\n/src/tests/check.cc:${at + 30}: Failure\nExpected equality of these values:\n  total\n    Which is: ${value}\n  expected\n    Which is: ${at}\n[  FAILED  ] 1 test (0 ms)\n\n`,
      after: "\n0% tests passed, 20 tests failed out of 20\n",
      line: (value) => `Which is: ${value}`,
      parent: (name) => `${name}_test`,
      siblings: /Test +#\d+:/,
    }),
  "targets of bazel test": (words) =>
    records(words, 18, {
      name: "bazel test //...",
      query: (value) => `Which target failed with the code E${value}?`,
      record: (name, value, at) =>
        `FAIL: //shop/${name}:unit_test (see /out/testlogs/${at}/test.log)\nINFO: From Testing //shop/${name}:unit_test:\n==================== Test output for //shop/${name}:unit_test:\n--- FAIL: Test${capitalised(words.word())} (0.0${at % 10}s)\n    check_test.go:${at + 10}: got code E${value}, want none\n    check_test.go:${at + 11}: ${words.sentence()}\nFAIL\n================================================================================\n[${at + 100} / 200] 4 actions, 2 running\n`,
      line: (value) => `code E${value}`,
      parent: (name) => `//shop/${name}:unit_test`,
      siblings: /\/\/shop/,
    }),
  "failures of NUnit": (words) =>
    records(words, 22, {
      name: "nunit3-console",
      query: (value) => `Which test expected ${value}?`,
      before: "Errors, Failures and Warnings\n\n",
      record: (name, value, at) =>
        `${at + 1}) Failed : Shop.Tests.${capitalised(name)}Tests.Counts\n  ${words.sentence()}\n  Expected: ${value}\n  But was:  ${at}\n   at Shop.Tests.Check.Run() in C:\\src\\Shop.Tests\\Check.cs:line ${at + 20}\n   at Shop.Tests.Check.All() in C:\\src\\Shop.Tests\\Check.cs:line ${at + 44}\n\n`,
      line: (value) => `Expected: ${value}`,
      parent: (name) => `${capitalised(name)}Tests.Counts`,
      siblings: /\) Failed :/,
    }),
  "cases of XCTest": (words) =>
    records(words, 40, {
      name: "xcodebuild test",
      query: (value) => `Which test case failed with "${value}"?`,
      record: (name, value, at) =>
        `Test Suite '${capitalised(words.word())}Tests' started at 2026-03-02 10:00:${two(at)}.000.\nTest Case '-[ShopTests test${capitalised(name)}]' started.\n/src/ShopTests.swift:${at + 20}: error: XCTAssertEqual failed: ("${value}") is not equal to ("${at}")\nTest Case '-[ShopTests test${capitalised(name)}]' failed (0.0${two(at)} seconds).\n`,
      line: (value) => `("${value}")`,
      parent: (name) => `test${capitalised(name)}]`,
      siblings: /^Test Case .{1,80} started/,
    }),
  "errors of unittest": (words) =>
    records(words, 20, {
      name: "python -m unittest",
      query: (value) => `Which test compared with ${value}?`,
      record: (name, value, at) =>
        `======================================================================\nFAIL: test_${name} (tests.test_shop.ShopTest.test_${name})\n${words.sentence()}\n----------------------------------------------------------------------\nTraceback (most recent call last):\n  File "/src/tests/test_shop.py", line ${at + 12}, in check\n    self.assertEqual(${words.word()}.total, expected)\n    ~~~~~~~~~~~~~~~~^^^^^^^^^^^^^^\nAssertionError: ${at} != ${value}\n\n`,
      after:
        "----------------------------------------------------------------------\nRan 20 tests in 0.020s\n\nFAILED (failures=20)\n",
      line: (value) => `!= ${value}`,
      parent: (name) => `FAIL: test_${name} (`,
      siblings: /^FAIL:/,
    }),
  "failures of Playwright": (words) =>
    records(words, 14, {
      name: "npx playwright test",
      query: (value) => `Which test waited for the price ${value}?`,
      record: (name, value, at) =>
        `  ${at + 1}) [chromium] › tests/shop.spec.ts:${at + 8}:5 › shop › shows the ${name} ───────────────\n\n    Error: Timed out 5000ms waiting for expect(locator).toHaveText(expected)\n\n    Locator: locator('#price')\n    Expected string: "${value} EUR"\n    Received string: "0 EUR"\n    Call log:\n      - expect.toHaveText with timeout 5000ms\n      - waiting for locator('#price')\n\n\n      ${at + 20} |   await page.goto('/${words.word()}');\n    > ${at + 21} |   await expect(page.locator('#price')).toHaveText(price);\n         |                                        ^\n      ${at + 22} | });\n\n        at /src/tests/shop.spec.ts:${at + 21}:40\n\n`,
      line: (value) => `"${value} EUR"`,
      parent: (name) => `shows the ${name} `,
      siblings: /\[chromium\]/,
    }),
  "keywords of Robot Framework": (words) =>
    records(words, 26, {
      name: "robot",
      query: (value) => `Which test case failed with the code ${value}?`,
      before:
        "==============================================================================\nShop\n==============================================================================\n",
      record: (name, value) =>
        `${`Order A ${capitalised(name)}`.padEnd(70)}| FAIL |\nSetup failed:\nSeveral failures occurred:\n\n1) Element '${words.word()}' was not found\n\n2) Exit code ${value} != 0\n------------------------------------------------------------------------------\n`,
      line: (value) => `code ${value}`,
      parent: (name) => `Order A ${capitalised(name)} `,
      siblings: /\| FAIL \|/,
    }),
  "failures of Go with testify": (words) =>
    records(words, 20, {
      name: "go test ./...",
      query: (value) => `Which test expected ${value}?`,
      record: (name, value, at) =>
        `=== RUN   Test${capitalised(name)}\n    shop_test.go:${at + 10}: \n        \tError Trace:\t/src/shop_test.go:${at + 10}\n        \tError:      \tNot equal: \n        \t            \texpected: ${value}\n        \t            \tactual  : ${at}\n        \tTest:       \tTest${capitalised(name)}\n--- FAIL: Test${capitalised(name)} (0.00s)\n`,
      after: "FAIL\nFAIL\tgithub.example/shop\t0.010s\n",
      line: (value) => `expected: ${value}`,
      parent: (name) => `Test${capitalised(name)}`,
      siblings: /=== RUN|--- FAIL/,
    }),
  "test sets of Julia": (words) =>
    records(words, 20, {
      name: "Pkg.test()",
      query: (value) => `Which test set evaluated ${value}?`,
      record: (name, value, at) =>
        `${name} tests: Test Failed at /src/test/runtests.jl:${at + 12}\n  Expression: total(${words.word()}) == ${at}\n   Evaluated: ${value} == ${at}\n\nStacktrace:\n [1] macro expansion\n   @ /julia/stdlib/Test.jl:672 [inlined]\n [2] top-level scope\n   @ /src/test/runtests.jl:${at + 12}\n`,
      line: (value) => `Evaluated: ${value}`,
      parent: (name) => `${name} tests:`,
      siblings: /Test Failed/,
    }),
  "exceptions of .NET with causes": (words) =>
    records(words, 16, {
      name: "errors.log",
      query: (value) => `Which operation failed because of port ${value}?`,
      record: (name, value, at) =>
        `Unhandled exception. Shop.OrderException: Could not run ${name}\n ---> System.Net.Http.HttpRequestException: Connection refused (localhost:${value})\n ---> System.Net.Sockets.SocketException (111): Connection refused\n   at System.Net.Sockets.Socket.AwaitableSocketAsyncEventArgs.ThrowException(SocketError error)\n   at System.Net.Http.HttpConnectionPool.ConnectToTcpHostAsync(String host, Int32 port)\n   --- End of inner exception stack trace ---\n   at Shop.Client.Send() in /src/Client.cs:line ${at + 20}\n   --- End of inner exception stack trace ---\n   at Shop.${capitalised(words.word())}.Run() in /src/Orders.cs:line ${at + 50}\n`,
      line: (value) => `localhost:${value}`,
      parent: (name) => `Could not run ${name}`,
      siblings: /^Unhandled/,
    }),
  "errors of Node with causes": (words) =>
    records(words, 16, {
      name: "stderr.log",
      query: (value) => `Which job failed because of port ${value}?`,
      record: (name, value, at) =>
        `Error: job ${name} failed\n    at runJob (file:///src/jobs.ts:${at + 12}:11)\n    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)\n    at async main (file:///src/main.ts:8:3) {\n  [cause]: Error: connect ECONNREFUSED 127.0.0.1:${value}\n      at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16) {\n    errno: -111,\n    code: 'ECONNREFUSED',\n    syscall: 'connect'\n  }\n}\n`,
      line: (value) => `127.0.0.1:${value}`,
      parent: (name) => `job ${name} failed`,
      siblings: /^Error: job/,
    }),
  "backtraces of Ruby": (words) =>
    records(words, 18, {
      name: "sidekiq.log",
      query: (value) => `Which worker failed with the id ${value}?`,
      record: (name, value, at) =>
        `app/workers/${name}_worker.rb:${at + 12}:in \`perform': Couldn't find Order with 'id'=${value} (ActiveRecord::RecordNotFound)\n\tfrom app/models/${words.word()}.rb:${at + 4}:in \`load'\n\tfrom gems/sidekiq-7.2/lib/sidekiq/processor.rb:202:in \`execute_job'\n\tfrom gems/sidekiq-7.2/lib/sidekiq/processor.rb:170:in \`block in process'\nCaused by:\n\tPG::Error: ${words.word()} is closed\n`,
      line: (value) => `'id'=${value}`,
      parent: (name) => `${name}_worker.rb`,
      siblings: /_worker\.rb/,
    }),
  "traces of PHP": (words) =>
    records(words, 16, {
      name: "laravel.log",
      query: (value) => `Which listener failed for the order ${value}?`,
      record: (name, value, at) =>
        `[2026-03-02 10:00:${two(at)}] production.ERROR: ${capitalised(name)}Listener failed {"exception":"[object] (RuntimeException(code: 0): failed at /app/Listeners.php:${at + 9})\n[stacktrace]\n#0 /app/vendor/laravel/framework/src/Illuminate/Events/Dispatcher.php(441): handle()\n#1 /app/Orders.php(${at + 20}): Order->find(${value})\n#2 /app/artisan(35): Kernel->handle()\n#3 {main}\n"} \n`,
      line: (value) => `find(${value})`,
      parent: (name) => `${capitalised(name)}Listener`,
      siblings: /production\.ERROR/,
    }),
  "crash reports of Erlang": (words) =>
    records(words, 14, {
      name: "erlang.log",
      query: (value) => `Which process crashed with limit ${value}?`,
      record: (name, value, at) =>
        `=CRASH REPORT==== 2-Mar-2026::10:00:${two(at)}.120 ===\n  crasher:\n    initial call: shop_server:init/1\n    pid: <0.${at + 200}.0>\n    registered_name: ${name}_server\n    exception error: no match of right hand side value {error,{limit,${value}}}\n      in function  ${words.word()}:handle_call/3 (/src/shop.erl, line ${at + 20})\n    ancestors: [shop_sup,<0.90.0>]\n    message_queue_len: ${at}\n    heap_size: 376\n  neighbours:\n\n`,
      line: (value) => `{limit,${value}}`,
      parent: (name) => `${name}_server`,
      siblings: /registered_name/,
    }),
  "panics of Rust threads": (words) =>
    records(words, 18, {
      name: "stderr",
      query: (value) => `Which thread panicked at index ${value}?`,
      record: (name, value, at) =>
        `thread '${name}-worker' panicked at src/queue.rs:${at + 12}:9:\nindex out of bounds: the len is ${at} but the index is ${value}\nstack backtrace:\n   0: rust_begin_unwind\n             at /rustc/90b35a6/library/std/src/panicking.rs:645:5\n   1: core::panicking::panic_fmt\n             at /rustc/90b35a6/library/core/src/panicking.rs:72:14\n   2: shop::${words.word()}::run\n             at ./src/queue.rs:${at + 12}:9\n`,
      line: (value) => `index is ${value}`,
      parent: (name) => `'${name}-worker'`,
      siblings: /^thread /,
    }),
  "suites with nested specs": (words) =>
    records(words, 24, {
      name: "karma",
      query: (value) => `In which component was ${value} expected?`,
      record: (name, value, at) =>
        `  ${capitalised(name)}Component\n    rendering\n      ✔ shows the ${words.word()} (${at}ms)\n      ✔ hides the ${words.word()}\n    totals\n      ✖ adds the ${words.word()}\n        Expected ${at} to equal ${value}.\n        at UserContext.apply (src/app/total.spec.ts:${at + 9}:23)\n`,
      line: (value) => `equal ${value}`,
      parent: (name) => `${capitalised(name)}Component`,
      siblings: /^ {2}\w+Component/,
    }),
  "parameters of a failed pytest": (words) =>
    records(words, 14, {
      name: "pytest -v",
      query: (value) => `For which parameter was ${value} returned?`,
      before: "=================================== FAILURES ===================================\n",
      record: (name, value, at) =>
        `_________________________ test_price[${name}] _________________________\n\nitem = '${words.word()}'\n\n    @pytest.mark.parametrize("item", items)\n    def test_price(item):\n>       assert price(item) == 1\nE       AssertionError: assert ${value} == 1\nE        +  where ${value} = price('${words.word()}')\n\ntests/test_price.py:${at + 9}: AssertionError\n----------------------------- Captured stdout call -----------------------------\nloading ${words.word()}\n`,
      line: (value) => `assert ${value} == 1`,
      parent: (name) => `test_price[${name}]`,
      siblings: /^_+ test_price/,
    }),
};
