"""See kept_from_keras.py."""

from kept_from_keras import stand_aside

stand_aside(__name__)
