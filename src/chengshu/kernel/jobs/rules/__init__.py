"""Pure rules of jobs: waits and due moments."""
