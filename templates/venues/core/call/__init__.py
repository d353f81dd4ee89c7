"""The parts that a client is composed of; none of them waits or sends."""
