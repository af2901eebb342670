"""Asking the person at the client: prompt, confirm, password."""

import queue
import time

from kernel import BRIDGE, case, holds, main, same


def asked(kernel, timeout=10):
    return kernel.client.get_stdin_msg(timeout=timeout)


def run(kernel, code, *answers, **flags):
    """Runs code, answers what it asks in turn; gives its result and the questions."""
    msg_id = kernel.client.execute(code, allow_stdin=True, **flags)
    questions = []
    for answer in answers:
        message = asked(kernel)
        same(message["msg_type"], "input_request")
        same(message["parent_header"]["msg_id"], msg_id)
        questions.append(message["content"])
        kernel.client.input(answer)
    return kernel.finish(msg_id), questions


@case("prompt asks and gives the answer")
def prompt(kernel):
    result, questions = run(kernel, "const who = prompt('Name?');\n`Hello ${who}`", "Ada 🙂")
    same(result.text, "'Hello Ada 🙂'")
    same(len(questions), 1)
    holds(questions[0]["prompt"], "Name?")
    same(questions[0]["password"], False)


@case("confirm gives true and false")
def confirm(kernel):
    result, questions = run(kernel, "[confirm('Sure?'), confirm('Really?')]", "y", "n")
    same(result.text, "[ true, false ]")
    holds(questions[0]["prompt"], "Sure?")


@case("a password is asked for as one")
def password(kernel):
    result, questions = run(kernel, "password('Token')?.length", "secret")
    same(result.text, "6")
    same(questions[0]["password"], True)


@case("what was printed before the question is shown before it")
def printed_before(kernel):
    msg_id = kernel.client.execute("console.log('Read this.'); prompt('Done?')", allow_stdin=True)
    kernel.until_printed(msg_id, "Read this.\n")
    asked(kernel)
    kernel.client.input("yes")
    same(kernel.finish(msg_id).text, "'yes'")


@case("an empty answer and a long one are given whole")
def odd_answers(kernel):
    result, _ = run(kernel, "prompt('a') === ''", "")
    same(result.text, "true")
    result, _ = run(kernel, "prompt('a')!.length", "x" * 200_000)
    same(result.text, "200000")


@case("without allow_stdin nobody is asked: the cell fails, and says why")
def not_allowed(kernel):
    msg_id = kernel.client.execute("prompt('Name?')", allow_stdin=False)
    result = kernel.finish(msg_id)
    same(result.status, "error")
    holds(result.error["evalue"], "input")
    try:
        message = asked(kernel, timeout=0.2)
        raise AssertionError(f"asked all the same: {message['content']}")
    except queue.Empty:
        pass


@case("completion and the heartbeat answer while a question waits")
def meanwhile(kernel):
    msg_id = kernel.client.execute("prompt('Wait')", allow_stdin=True)
    asked(kernel)
    since = time.monotonic()
    content = kernel.ask("complete_request", {"code": "Math.ab", "cursor_pos": 7})["content"]
    same(content["matches"], ["abs"])
    assert kernel.beat() < 1
    assert time.monotonic() - since < 3
    kernel.client.input("x")
    same(kernel.finish(msg_id).text, "'x'")


@case("Stop ends a question, and the next one is asked anew")
def interrupted(kernel):
    msg_id = kernel.client.execute("var kept = 5; prompt('Stop me')", allow_stdin=True)
    asked(kernel)
    kernel.interrupt()
    result = kernel.finish(msg_id)
    same(result.status, "error")
    same(result.error["ename"], "Interrupted")
    # An answer that comes too late belongs to no question.
    kernel.client.input("too late")
    time.sleep(0.2)
    result, _ = run(kernel, "`${prompt('Again')}${kept}`", "new")
    same(result.text, "'new5'")


@case("a question that was stopped before it could be put, behind a flood, is not put")
def stopped_before(kernel):
    code = (
        BRIDGE + "const content = { data: { 'text/plain': 'x'.repeat(1_500_000) }, metadata: {}, transient: {} };\n"
        "for (let i = 0; i < 3; i++) kernel.publish(content, false);\n"
        "prompt('Too late')"
    )
    msg_id = kernel.client.execute(code, allow_stdin=True)
    kernel.until(msg_id, lambda m: m["msg_type"] == "display_data")
    time.sleep(0.3)
    kernel.interrupt()
    result = kernel.finish(msg_id)
    same((result.error["ename"], result.stderr), ("Interrupted", ""))
    result, [question] = run(kernel, "prompt('In time')", "yes")
    same((result.text, question["prompt"]), ("'yes'", "In time "))


@case("answers that were not asked for are dropped")
def unasked(kernel):
    for value in ("x", 5, None):
        kernel.send("input_reply", {"value": value}, "stdin")
    result, _ = run(kernel, "prompt('q')", "right")
    same(result.text, "'right'")


main()
