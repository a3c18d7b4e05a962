"""Reads run-on pages whose words stand in the order of their baselines: names broken around their figures."""
