from doctor.findings import Evidence, Fix
from doctor.repairs.optimiser.applying import AppliedGradients, EveryRound, MatchingPairs, ReadOnce
from doctor.repairs.optimiser.assigning import AssignedInPlace, CountedVariable, ReachableCondition
from doctor.repairs.base import Case
from doctor.repairs.optimiser.frozen import CompiledAgain, Thawed
from doctor.repairs.optimiser.made_once import BroughtBackOnce, MadeOnce
from tests.repairs.helpers import case, changed, refused, repaired, replace

FAULT = "update-missing"


def nowhere(given: Case) -> Case:
    """The same finding without a line."""
    return replace(given, finding=replace(given.finding, location=None))


def test_optimiser_applies_the_gradients() -> None:
    source = "opt = keras.optimizers.Adam(1e-3)\ngrads = tape.gradient(loss, model.trainable_weights)\nprint(loss)\n"
    assert changed(AppliedGradients(), nowhere(case(source, FAULT, "grads"))) == [
        "opt.apply_gradients(zip(grads, model.trainable_weights))"
    ]
    source = (
        "class T:\n    def __init__(self):\n        self.optim = SGD(0.1)\n\n    def step(self):\n"
        "        dw, db = tape.gradient(loss, [self.w, self.b])\n"
    )
    assert changed(AppliedGradients(), nowhere(case(source, FAULT, "dw"))) == [
        "self.optim.apply_gradients(zip([dw, db], [self.w, self.b]))"
    ]


def test_without_an_optimiser_they_are_taken_off_by_hand() -> None:
    source = "LR = 0.3\nfor x in xs:\n    g = tape.gradient(loss, ws)\n"
    assert changed(AppliedGradients(), nowhere(case(source, FAULT, "g ="))) == [
        "for variable, gradient in zip(ws, g):", "variable.assign_sub(LR * gradient)",
    ]  # fmt: skip


def test_gradients_that_a_function_returns_are_applied_where_they_are_taken() -> None:
    source = (
        "opt = Adam()\ndef f(x):\n    return loss(x), tape.gradient(l, ws)\n\nfor x in xs:\n    l, g = f(x)\n"
    )
    assert changed(AppliedGradients(), nowhere(case(source, FAULT, "return"))) == ["opt.apply_gradients(zip(g, ws))"]
    given = nowhere(case(f"{source}    opt.apply(g, ws)\n", FAULT, "return"))
    assert refused(AppliedGradients(), given) == "gradients that are not applied are not seen"


def test_zip_has_the_variables_of_the_gradients() -> None:
    source = "g = tape.gradient(loss, model.trainable_variables)\nopt.apply_gradients(zip(g, base.weights))\n"
    assert changed(MatchingPairs(), case(source, FAULT, "opt")) == [
        "opt.apply_gradients(zip(g, model.trainable_variables))"
    ]
    source = "vs = m.trainable_variables\ng = t.gradient(l, vs)\nopt.apply_gradients(zip(g, m.trainable_variables))\n"
    assert repaired(MatchingPairs(), case(source, FAULT, "opt")) == []


def test_update_leaves_the_branch() -> None:
    evidence = (Evidence("gradients for each update", None, 100.0, 1.0),)
    source = (
        "for step, x in enumerate(ds):\n    g = compute(x)\n    if step % 100 == 0:\n        print(step)\n"
        "        opt.apply_gradients(zip(g, ws))\n"
    )
    assert repaired(EveryRound(), case(source, FAULT, "apply", evidence=evidence)) == [
        "for step, x in enumerate(ds):\n    g = compute(x)\n    opt.apply_gradients(zip(g, ws))\n"
        "    if step % 100 == 0:\n        print(step)\n"
    ]
    source = (
        "for step, x in enumerate(ds):\n    g = compute(x)\n    if step % 100 == 0:\n        for w, d in zip(ws, g):\n"
        "            w.assign_sub(0.1 * d)\n"
    )
    assert repaired(EveryRound(), case(source, FAULT, "assign", evidence=evidence)) == [
        "for step, x in enumerate(ds):\n    g = compute(x)\n    for w, d in zip(ws, g):\n"
        "        w.assign_sub(0.1 * d)\n    if step % 100 == 0:\n        pass\n"
    ]


def test_zip_is_kept_in_a_list() -> None:
    source = "pairs = zip(g, ws)\nnorm = sum(n(a) for a, _ in pairs)\nopt.apply_gradients(pairs)\n"
    assert changed(ReadOnce(), case(source, FAULT, "norm")) == ["pairs = list(zip(g, ws))"]


def test_loops_own_name_is_assigned_to() -> None:
    for before, after in (
        ("p = p - lr * g", "p.assign_sub(lr * g)"),
        ("p -= lr * g", "p.assign_sub(lr * g)"),
        ("p = d * p + (1 - d) * g", "p.assign(d * p + (1 - d) * g)"),
    ):
        source = f"for p, g in zip(params, grads):\n    {before}\n"
        assert changed(AssignedInPlace(), case(source, FAULT, before)) == [after]
    assert repaired(AssignedInPlace(), case("total = total + g\n", FAULT, "total")) == []


def test_counter_becomes_a_variable() -> None:
    fixes = (Fix("Count in a tf.Variable", "self.count.assign_add(1)"),)
    source = (
        "import tensorflow as tf\nclass T:\n    def __init__(self):\n        self.n = 0\n\n    @tf.function\n"
        "    def step(self):\n        self.n += 1\n        if self.n % 4 == 0:\n            self.n = 0\n"
    )
    assert changed(CountedVariable(), case(source, FAULT, "self.n += 1", fixes=fixes)) == [
        "self.n = tf.Variable(0, trainable=False)", "self.n.assign_add(1)", "self.n.assign(0)",
    ]  # fmt: skip


def test_condition_comes_true() -> None:
    fixes = (Fix("Choose the numbers in the condition so that it comes true within the loop"),)
    source = "ACCUM = 16\nfor step, x in enumerate(ds):\n    if (step + 1) % ACCUM == 0:\n        apply()\n"
    texts = repaired(ReachableCondition(), case(source, FAULT, "if", fixes=fixes))
    assert [text.splitlines()[0] for text in texts] == ["ACCUM = 2", "ACCUM = 1"]
    source = "self.n.assign((self.n + 1) % self.every)\ntf.cond(tf.equal(self.n, self.every), flush, skip)\n"
    assert changed(ReachableCondition(), case(source, FAULT, "cond", fixes=fixes)) == [
        "tf.cond(tf.equal(self.n, 0), flush, skip)"
    ]
    source = "for x in ds:\n    if ready(x):\n        apply()\n"
    assert "no number" in refused(ReachableCondition(), case(source, FAULT, "if", fixes=fixes))


MODELS, OPTIMISERS = (Evidence("models made", None, 9.0, 1.0),), (Evidence("optimisers made", None, 9.0, 1.0),)


def test_model_is_made_before_the_loop() -> None:
    source = "for part in parts:\n    # a network\n    model = make()\n    model.fit(part)\n"
    assert repaired(MadeOnce(), case(source, FAULT, "model =", evidence=MODELS)) == [
        "# a network\nmodel = make()\nfor part in parts:\n    model.fit(part)\n"
    ]
    source = "for n in sizes:\n    model = make(n)\n    model.fit(x)\n"
    assert refused(MadeOnce(), case(source, FAULT, "model =", evidence=MODELS)) == (
        "it is made of what the loop knows alone"
    )


def test_optimiser_leaves_its_function() -> None:
    source = "x = 1\n\n\ndef step(x, lr=0.1):\n    opt = Adam(lr)\n    opt.apply(x)\n"
    assert repaired(MadeOnce(), case(source, FAULT, "opt = ", evidence=OPTIMISERS)) == [
        "x = 1\n\n\nopt = Adam(0.1)\n\n\ndef step(x, lr=0.1):\n    opt.apply(x)\n"
    ]
    source = "def step(x, lr):\n    opt = Adam(lr)\n    opt.apply(x)\n"
    assert refused(MadeOnce(), case(source, FAULT, "opt = ", evidence=OPTIMISERS)) == "`lr` is known in `step` alone"


def test_optimiser_of_a_method_is_made_by_the_constructor() -> None:
    source = (
        "class T:\n    def __init__(self):\n        self.n = 1\n\n    def step(self, g):\n        opt = Adam(0.1)\n"
        "        opt.apply(g)\n"
    )
    assert repaired(MadeOnce(), case(source, FAULT, "opt =", evidence=OPTIMISERS)) == [
        "class T:\n    def __init__(self):\n        self.n = 1\n        self.opt = Adam(0.1)\n\n"
        "    def step(self, g):\n        self.opt.apply(g)\n"
    ]


def test_step_of_a_model_uses_the_optimiser_of_compile() -> None:
    source = "class M(Model):\n    def train_step(self, d):\n        g = tape.gradient(l, self.weights)\n"
    assert changed(AppliedGradients(), nowhere(case(source, FAULT, "g ="))) == [
        "self.optimizer.apply_gradients(zip(g, self.weights))"
    ]


def test_what_was_made_is_kept_in_the_table() -> None:
    source = (
        "def get(self, k):\n    if k not in self.nets:\n        return Net(k)\n    return self.nets[k]\n"
    )
    assert changed(MadeOnce(), case(source, FAULT, "Net(k)", evidence=MODELS)) == ["self.nets[k] = Net(k)"]


def test_weights_are_loaded_before_the_loop() -> None:
    source = "for e in range(9):\n    net.load_weights(PATH)\n    train(net)\n"
    assert repaired(BroughtBackOnce(), case(source, FAULT, "load", rule="weights-put-back")) == [
        "net.load_weights(PATH)\nfor e in range(9):\n    train(net)\n"
    ]
    source = "def one(sess):\n    sess.run(init)\n    train(sess)\n\n\nfor e in range(9):\n    one(sess)\n"
    assert repaired(BroughtBackOnce(), case(source, FAULT, "init", rule="weights-put-back")) == [
        "def one(sess):\n    train(sess)\n\n\nsess.run(init)\nfor e in range(9):\n    one(sess)\n"
    ]
    source = "class C(Callback):\n    def on_epoch_end(self, e, logs):\n        self.model.set_weights(self.w)\n"
    assert repaired(BroughtBackOnce(), case(source, FAULT, "set_w", rule="weights-put-back")) == [
        "class C(Callback):\n    def on_epoch_end(self, e, logs):\n        pass\n"
    ]


def test_frozen_layers_learn() -> None:
    for before, after in (
        ("e = Embedding(9, 4, trainable=False)\n", "e = Embedding(9, 4)\n"),
        ("a = 1\nhead.trainable = False\n", "a = 1\n"),
        ("for l in m.layers:\n    l.trainable = False\n", "for l in m.layers[:-1]:\n    l.trainable = False\n"),
    ):
        assert repaired(Thawed(), case(before, FAULT, "trainable", rule="frozen-model"))[0] == after
    source = "for l in m.layers:\n    l.trainable = l.name in KEEP\n"
    assert changed(Thawed(), case(source, FAULT, "trainable", rule="frozen-layers")) == ["l.trainable = True"]
    assert "nothing is frozen" in refused(Thawed(), case("x = 1\n", FAULT, "x", rule="frozen-layers"))


def test_model_is_compiled_again() -> None:
    source = (
        "opt = Adam(1e-3)\nm.compile(opt, 'mse')\nm.fit(x, y)\nfor l in base.layers:\n    l.trainable = True\n"
        "m.fit(x, y)\n"
    )
    assert repaired(CompiledAgain(), case(source, FAULT, "l.trainable", rule="thawed-layers")) == [
        source.replace("= True\n", "= True\nm.compile(Adam(1e-3), 'mse')\n")
    ]
