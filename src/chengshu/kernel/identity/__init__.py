"""How people and programs prove who they are: sessions, second factors, the city's log-in, our own to others."""
