"""jupyter_kernel_test's checks, which validate each message against the protocol's schema, with samples in TypeScript."""

import unittest

import jupyter_kernel_test
from kernel import CASES, main

shared = None


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = "tested"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"
    completion_samples = [
        {"text": "Math.ab", "matches": {"abs"}},
        {"text": "'x'.toUpperC", "matches": {"toUpperCase"}},
    ]
    complete_code_samples = ["1", "const a = 1;", "function f() { return 1 }", "type T = { a: number }", "await 1", "/[(]/.test('(')"]
    incomplete_code_samples = ["function f() {", "const x = `abc", "[1,2,", "interface A {", "foo(", "/* open"]
    invalid_code_samples = ["const = 3", "for for", "let 1a = 2", "}"]
    code_generate_error = "throw new Error('x')"
    code_execute_result = [
        {"code": "1+2+3", "result": "6"},
        {"code": "[1,2]", "result": "[ 1, 2 ]"},
        {"code": "({a: 1})", "result": "{ a: 1 }"},
        {"code": "await Promise.resolve('ok')", "result": "'ok'"},
    ]
    code_display_data = [
        {
            "code": "(globalThis as any)[Symbol.for('Jupyter.display')]({ data: { 'text/html': '<b>x</b>' }, metadata: {}, transient: {} })",
            "mime": "text/html",
        },
    ]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.abs"
    code_clear_output = "console.clear()"

    @classmethod
    def setUpClass(cls):
        cls.km, cls.kc = shared.manager, shared.client

    @classmethod
    def tearDownClass(cls):
        pass


class Welcome(jupyter_kernel_test.IopubWelcomeTests):
    support_iopub_welcome = True

    @classmethod
    def setUpClass(cls):
        # A client that begins to listen now.
        cls.kc = shared.manager.client()

    @classmethod
    def tearDownClass(cls):
        cls.kc.stop_channels()


def runs(test):
    def function(kernel):
        global shared
        shared = kernel
        result = unittest.TestResult()
        unittest.TestSuite([test]).run(result)
        words = [text for _, text in [*result.failures, *result.errors]]
        assert not words, "\n".join(words)
        assert not result.skipped, result.skipped

    return function


for group in (Conformance, Welcome):
    for name in unittest.TestLoader().getTestCaseNames(group):
        # There is no pager here.
        if name != "test_pager":
            CASES.append((f"jupyter_kernel_test: {name.removeprefix('test_').replace('_', ' ')}", runs(group(name))))

main()
