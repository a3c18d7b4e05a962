"""The topics that endpoints may subscribe to, filled by domains in their `apps.py` while Django starts."""

from chengshu.kernel.outbox.contracts import Topic

_topics: dict[str, Topic] = {}


def register_topic(topic: Topic) -> None:
    """Let endpoints subscribe to a kind of news; the last registration of a key holds."""
    _topics[topic.key] = topic


def list_topics() -> list[Topic]:
    """Return the topics in the order of their keys."""
    return [_topics[key] for key in sorted(_topics)]
