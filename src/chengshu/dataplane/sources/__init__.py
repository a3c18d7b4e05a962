"""Where rows come from: files, databases, interfaces; every row is taken as declared, or refused with its place."""
