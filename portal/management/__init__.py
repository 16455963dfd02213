"""The commands of the project: ``run`` the whole site, ``load_demo`` the demo town."""
