"""Hooks into Keras: layers, losses, optimisers, compile and fit."""

from __future__ import annotations

from typing import Any

import numpy as np
from tensorflow.python.eager import context

from doctor.capture.patching import wrap
from doctor.capture.tensorflow.feeds import Feeds
from doctor.capture.tensorflow.keras_models import bound, learns, listed, model_site, name_of
from doctor.capture.tensorflow.layers import key_of
from doctor.capture.tensorflow.metrics import Metrics
from doctor.capture.tensorflow.early_lists import EarlyLists
from doctor.capture.tensorflow.put_back import PutBack
from doctor.capture.tensorflow.stack import made_at, user_line
from doctor.capture.tensorflow.watcher import Watcher
from doctor.types import ScalarObservation, Site


class KerasHooks:
    """Tells the watcher what Keras does.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self.state = watcher.keras
        self.feeds = Feeds(self.session, watcher.sites.columns)
        self._compiled: dict[int, dict[str, Any]] = {}
        self._calls = 0
        self._depth = 0
        self._fits = 0
        self._learned: dict[str, int] = {}
        self._serials: list[int] = []

    def install(self) -> None:
        """Put the seams in place."""
        import keras
        from keras.src.callbacks.callback_list import CallbackList
        from keras.src.optimizers.base_optimizer import BaseOptimizer
        from keras.src.optimizers.loss_scale_optimizer import LossScaleOptimizer
        from keras.src.trainers.trainer import Trainer

        self._install_layers(keras)
        self.watcher.modes.install(keras)
        EarlyLists(self.watcher).install(keras)
        PutBack(self.watcher).install(keras)
        Metrics(self.watcher).install(keras)
        guarded = self.session.guarded
        made = guarded("optimisers")(lambda optimizer: self.state.optimizer_made(optimizer, user_line(self.session)))
        used = guarded("optimisers")(self.state.optimizer_used)
        scaled = guarded("loss scaling")(self.state.loss_scaled)
        called = guarded("losses")(self._loss_called)
        loss_made = guarded("losses")(lambda loss: self.state.loss_made(loss, made_at(self.session, loss)))
        epoch = guarded("Keras logs")(self._epoch)

        def optimizer_init(original: Any, optimizer: Any, *args: Any, **kwargs: Any) -> None:
            original(optimizer, *args, **kwargs)
            made(optimizer)

        def apply(original: Any, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
            used(optimizer)
            self.watcher.updating = True
            try:
                return original(optimizer, *args, **kwargs)
            finally:
                self.watcher.updating = False

        def scale_loss(original: Any, optimizer: Any, loss: Any) -> Any:
            result = original(optimizer, loss)
            scaled(optimizer, loss, result)
            return result

        def loss_init(original: Any, loss: Any, *args: Any, **kwargs: Any) -> None:
            original(loss, *args, **kwargs)
            loss_made(loss)

        def loss_call(original: Any, loss: Any, *args: Any, **kwargs: Any) -> Any:
            called(loss)
            return original(loss, *args, **kwargs)

        def epoch_end(original: Any, callbacks: Any, number: Any, logs: Any = None) -> Any:
            result = original(callbacks, number, logs)
            epoch(callbacks, number, logs)
            return result

        wrap(BaseOptimizer, "__init__", optimizer_init)
        wrap(BaseOptimizer, "apply", apply)
        for optimizer_class in (BaseOptimizer, LossScaleOptimizer):
            if "scale_loss" in vars(optimizer_class):
                wrap(optimizer_class, "scale_loss", scale_loss)
        wrap(keras.losses.Loss, "__init__", loss_init)
        wrap(keras.losses.Loss, "__call__", loss_call)
        wrap(CallbackList, "on_epoch_end", epoch_end)
        self._install_trainer(keras, Trainer)
        self.watcher.answers.install(keras)  # the outermost, next to the script's own frame

    def _install_layers(self, keras: Any) -> None:
        layers = self.watcher.layers
        made = self.session.guarded("layers")(layers.made)
        enter = self.session.guarded("layers")(self._layer_enter)
        called = self.session.guarded("names of columns")(self.watcher.sites.columns.called)
        leave = self.session.guarded("layers")(self._layer_leave)

        def new(original: Any, cls: Any, *args: Any, **kwargs: Any) -> Any:
            layer = original(cls, *args, **kwargs)
            made(layer)
            return layer

        def call(original: Any, layer: Any, *args: Any, **kwargs: Any) -> Any:
            watched = self.watcher.sees_layers()
            if self._calls == 0 and context.executing_eagerly():
                enter(args)
            if args and isinstance(args[0], (dict, list, tuple)) and (watched or self.watcher.sees_layers()):
                called(layer, args[0])
            self._calls += 1
            try:
                result = original(layer, *args, **kwargs)
            finally:
                self._calls -= 1
            if watched or self.watcher.sees_layers():
                leave(layer, result)
            return result

        wrap(keras.layers.Layer, "__new__", new)
        wrap(keras.layers.Layer, "__call__", call)

    def _layer_enter(self, args: Any) -> None:
        """A model, or a layer of its own, is called from the script."""
        self.watcher.last_inputs = [args[0]] if args else []
        self.watcher.begin_evaluation()

    def _layer_leave(self, layer: Any, result: Any) -> None:
        key = key_of(result)
        if key is not None:
            self.watcher.layers.produced(key, layer)

    def _loss_called(self, loss: Any) -> None:
        if type(loss).__name__ == "CompileLoss":
            return
        function = getattr(loss, "fn", None)
        wrapped = type(loss).__name__ == "LossFunctionWrapper"
        name = getattr(function, "__name__", None) if wrapped else type(loss).__name__
        kwargs = getattr(loss, "_fn_kwargs", {}) or {}
        from_logits = kwargs.get("from_logits", getattr(loss, "from_logits", None))
        location = None if self.state.fit else user_line(self.session)
        self.state.loss_called(
            {
                "name": name,
                "from_logits": from_logits,
                "location": location or self.state.fit.get("compile_location"),
                "made": self.state.losses.get(id(loss)),
            }
        )

    def _install_trainer(self, keras: Any, trainer: Any) -> None:
        compiled = self.session.guarded("compile")(self._compile)
        begin = self.session.guarded("fit")(self._begin)
        end = self.session.guarded("fit")(self._end)
        fitted = self.session.guarded("evaluation")(self._applied)
        over = self.session.guarded("evaluation")(self._apply_over)
        trained = self.session.guarded("layers of a model")(self._trained)

        def compile_model(original: Any, model: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(model, *args, **kwargs)
            compiled(model, original, args, kwargs)
            return result

        wrap(trainer, "compile", compile_model)
        for name in ("fit", "train_on_batch", "evaluate", "predict"):

            def run(original: Any, model: Any, *args: Any, __name: str = name, **kwargs: Any) -> Any:
                self._depth += 1
                begin(__name, model, original, args, kwargs)
                again = __name in ("evaluate", "predict") and fitted(original, model, args, kwargs)
                try:
                    return original(model, *args, **kwargs)
                finally:
                    self._depth -= 1
                    if again:
                        over()
                    end()
                    if __name == "fit":
                        trained(model)

            wrap(keras.src.backend.tensorflow.trainer.TensorFlowTrainer, name, run)

    def _compile(self, model: Any, original: Any, args: Any, kwargs: Any) -> None:
        given = bound(original, model, args, kwargs)
        loss = given.get("loss")
        self._serials.append(id(model))
        self._compiled[id(model)] = {
            "serial": len(self._serials),
            "location": self.session.locator.here(1),
            "loss": name_of(loss),
            "from_logits": (getattr(loss, "_fn_kwargs", {}) or {}).get("from_logits"),
            "made": self.state.losses.get(id(loss)),
            "metrics": [name_of(metric) for metric in listed(given.get("metrics"))],
        }

    def _begin(self, kind: str, model: Any, original: Any, args: Any, kwargs: Any) -> None:
        given = bound(original, model, args, kwargs)
        location = self.session.locator.here(1)
        compiled = self._compiled.get(id(model), {})
        if kind == "fit":
            self._fits += 1
        data_facts = self.feeds.given(kind, given, location, self._fits)
        if kind not in ("fit", "train_on_batch"):
            return
        batch_size = given.get("batch_size")
        if batch_size is None and isinstance(given.get("x"), np.ndarray) and kind == "fit":
            batch_size = 32  # Keras's default for arrays
        self.state.fit = {
            "name": getattr(model, "name", None),
            "model": type(model).__name__,
            "model_id": id(model),
            # A model that is compiled anew trains anew, with curves of its own; one that is
            # merely fitted again goes on.
            "identity": (id(model), compiled.get("serial")),
            "location": location,
            "compile_location": compiled.get("location"),
            "optimizer": getattr(model, "optimizer", None),
            "batch_size": batch_size,
        }
        self.state.optimizer = getattr(model, "optimizer", None)
        self.state.loss = {
            "name": compiled.get("loss"),
            "from_logits": compiled.get("from_logits"),
            # Compiled without a loss, the model has one in a step of its own: there is its line.
            "location": compiled.get("location") if compiled.get("loss") else None,
            "made": compiled.get("made"),
        }
        number = max(self._fits, 1)
        compile_location = compiled.get("location")
        self.session.recorder.describe(
            Site(
                key=f"fit:{number}",
                kind="fit",
                name=f"fit of `{getattr(model, 'name', 'model')}`",
                location=location,
                attributes={
                    "model": getattr(model, "name", None),
                    "compile": {
                        "loss": compiled.get("loss"),
                        "from_logits": compiled.get("from_logits"),
                        "metrics": compiled.get("metrics"),
                        "location": compile_location.listed()
                        if compile_location
                        else None,
                    },
                    "learns": learns(model) if kind == "fit" else None,
                    "epochs": given.get("epochs", 1),
                    "batch_size": batch_size,
                    "shuffle": given.get("shuffle", True),
                    "steps_per_epoch": given.get("steps_per_epoch"),
                    "steps_per_execution": getattr(model, "steps_per_execution", 1),
                    "validation": given.get("validation_data") is not None or bool(given.get("validation_split")),
                    **data_facts,
                },
            )
        )
        self.session.recorder.describe(model_site(model, self.watcher.layers, self._learned))

    def _applied(self, original: Any, model: Any, args: Any, kwargs: Any) -> bool:
        """A model is evaluated; returns whether that is on what it was fitted to."""
        found = context.executing_eagerly() and self.feeds.fitted(bound(original, model, args, kwargs).get("x"))
        if found:
            self.watcher.graphs.reader.drain()
            self.watcher.graphs.evaluation.fitted_data(True)
        return found

    def _apply_over(self) -> None:
        self.watcher.graphs.reader.drain()
        self.watcher.graphs.evaluation.fitted_data(False)

    def _end(self) -> None:
        if context.executing_eagerly():
            self.watcher.graphs.reader.drain()
            if self._depth == 0:
                self.state.fit = {}

    def _trained(self, model: Any) -> None:
        """A model without an input layer has its weights only now."""
        if context.executing_eagerly():
            self.session.recorder.describe(model_site(model, self.watcher.layers, self._learned))

    def _epoch(self, callbacks: Any, number: Any, logs: Any) -> None:
        self.watcher.graphs.reader.drain()
        model = getattr(callbacks, "_model", None) or getattr(callbacks, "model", None)
        subject = self.watcher.subjects.of_model(model)
        if subject is None or not logs:
            return
        step = max(subject.gradient_steps - 1, 0)
        for name, value in logs.items():
            try:
                point = float(np.asarray(value))
            except (TypeError, ValueError):
                continue
            self.session.recorder.observe(ScalarObservation(step, subject.key, f"epoch/{name}", point))
        self.session.recorder.observe(ScalarObservation(step, subject.key, "epoch", float(number)))
