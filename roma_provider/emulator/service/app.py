"""The emulator's web application: routes to operations."""

from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from .gateway import Gateway


def create_app(gateway: Gateway, control: APIRouter) -> FastAPI:
    """The application; `gateway` holds all of its state, `control` are the routes beside the API's."""
    # Without the pages and redirects that FastAPI adds by itself: they would answer for paths that the API
    # does not have.
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.include_router(control)

    @app.post("/v1/{project_id}/instances")
    async def create_instance(request: Request, project_id: str) -> Response:
        return await gateway.serve("create_instance", request, project_id)

    @app.get("/v2/{project_id}/instances/{instance_id}/process")
    async def creation_progress(request: Request, project_id: str, instance_id: str) -> Response:
        return await gateway.serve("creation_progress", request, project_id, instance_id)

    @app.get("/v2/{project_id}/instances")
    @app.get("/v2/{project_id}/instances/")
    async def list_instances(request: Request, project_id: str) -> Response:
        return await gateway.serve("list_instances", request, project_id)

    @app.get("/v3/{project_id}/roma/instances")
    async def list_roma_instances(request: Request, project_id: str) -> Response:
        return await gateway.serve("list_roma_instances", request, project_id)

    @app.post("/v3/{project_id}/roma/instances")
    async def create_rcu_instance(request: Request, project_id: str) -> Response:
        return await gateway.serve("create_rcu_instance", request, project_id)

    @app.delete("/v1/{project_id}/roma/instances/{instance_id}")
    async def delete_instance(request: Request, project_id: str, instance_id: str) -> Response:
        return await gateway.serve("delete_instance", request, project_id, instance_id)

    @app.post("/v3/auth/tokens")
    async def create_token(request: Request) -> Response:
        return await gateway.serve("create_token", request)

    @app.get("/v3/projects")
    async def list_projects(request: Request) -> Response:
        return await gateway.serve("list_projects", request)

    @app.exception_handler(HTTPException)
    async def other(request: Request, error: Exception) -> Response:
        if request.scope["path"].startswith(control.prefix):
            return JSONResponse({"error": f"there is no {request.method} {request.scope['path']}"}, 404)
        # Wrong paths and wrong methods: the gateway knows an API by both.
        return await gateway.serve("other", request)

    return app
