"""Objectives by name, shared by the tagging jobs."""
import keras

REGISTRY = {}


def register(name):
    def add(fn):
        REGISTRY[name] = fn
        return fn
    return add


@register("single")
def single_choice():
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@register("tags")
def many_tags():
    return keras.losses.BinaryCrossentropy(from_logits=True)


@register("score")
def score():
    return keras.losses.Huber()


def make(name):
    return REGISTRY[name]()
